using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client.Internal;

namespace Grpc.Net.Client;

/// <summary>
/// A channel over HTTP/2. Safe for use by many threads; any number of calls share its connections. Disposing it
/// cancels the calls that run.
/// </summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly ConcurrentDictionary<string, Uri> _uris = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _disposal = new();
    private readonly HttpMessageInvoker _http;
    private readonly bool _ownsHttp;
    private readonly Uri _address;
    private int _disposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        if (options.HttpClient is not null && options.HttpHandler is not null)
        {
            throw new ArgumentException(
                $"{nameof(GrpcChannelOptions.HttpClient)} and {nameof(GrpcChannelOptions.HttpHandler)} have been "
                + "configured. Only one HTTP caller can be specified.",
                nameof(options));
        }

        _address = address;
        _ownsHttp = options.DisposeHttpClient || (options.HttpClient is null && options.HttpHandler is null);
        _http = options.HttpClient
            ?? new HttpMessageInvoker(options.HttpHandler ?? CreateDefaultHandler(), disposeHandler: _ownsHttp);
        MaxSendMessageSize = options.MaxSendMessageSize;
        MaxReceiveMessageSize = options.MaxReceiveMessageSize;
        ThrowOperationCanceled = options.ThrowOperationCanceledOnCancellation;
        TimeProvider = options.TimeProvider;
        Disposal = _disposal.Token;
    }

    internal int? MaxSendMessageSize { get; }

    internal int? MaxReceiveMessageSize { get; }

    internal bool ThrowOperationCanceled { get; }

    internal TimeProvider TimeProvider { get; }

    /// <summary>Cancelled when the channel is disposed.</summary>
    internal CancellationToken Disposal { get; }

    /// <summary>Makes a channel to an address; nothing connects before the first call.</summary>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Makes a channel to an address; nothing connects before the first call.</summary>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        return ForAddress(new Uri(address), channelOptions);
    }

    /// <summary>Makes a channel to an address; nothing connects before the first call.</summary>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Makes a channel to an address; nothing connects before the first call.</summary>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps
            ? new GrpcChannel(address, channelOptions)
            : throw new ArgumentException(
                $"The scheme of '{address}' is not supported: an address begins with http:// or https://.",
                nameof(address));
    }

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Cancels the calls that run, and closes the connections when the channel owns them.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _disposal.Cancel();
        _disposal.Dispose();
        if (_ownsHttp)
        {
            _http.Dispose();
        }
    }

    internal Uri GetUri(IMethod method) =>
        _uris.GetOrAdd(method.FullName, static (path, address) => new Uri(address, path), _address);

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);

        // Without the option an HttpClient would read the whole response before it returned it.
        return _http is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : _http.SendAsync(request, cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    private static SocketsHttpHandler CreateDefaultHandler() => new()
    {
        AllowAutoRedirect = false,
        EnableMultipleHttp2Connections = true,
        UseCookies = false,
        UseProxy = false,
    };
}
