namespace Grpc.Net.Client;

/// <summary>Settings of a <see cref="GrpcChannel"/>.</summary>
public sealed class GrpcChannelOptions
{
    private const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    /// <summary>Largest message to send, in bytes; null, as unless set, for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Largest message to receive, in bytes; 4 MiB unless set, null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = DefaultMaxReceiveMessageSize;

    /// <summary>The client to send requests with; excludes <see cref="HttpHandler"/>.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>The handler to send requests with; excludes <see cref="HttpClient"/>.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether the client or handler given here is disposed with the channel; false unless set.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>
    /// Whether a call that its caller cancelled, or whose deadline passed, throws
    /// <see cref="OperationCanceledException"/> instead of <see cref="Grpc.Core.RpcException"/>; false unless set.
    /// </summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    internal TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
