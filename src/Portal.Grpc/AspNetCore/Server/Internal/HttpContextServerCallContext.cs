using Grpc.AspNetCore.Server.Messages;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>A call that came as an HTTP request.</summary>
internal sealed class HttpContextServerCallContext : ServerCallContext, IDisposable
{
    private readonly IMethod _method;
    private readonly TimeProvider _timeProvider;
    private CancellationTokenSource? _deadlineSource;
    private CancellationToken _cancellationToken;
    private DateTime _deadline = DateTime.MaxValue;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private AuthContext? _authContext;

    public HttpContextServerCallContext(
        HttpContext httpContext,
        IMethod method,
        MethodOptions options,
        TimeProvider timeProvider)
    {
        HttpContext = httpContext;
        _method = method;
        _timeProvider = timeProvider;
        _cancellationToken = httpContext.RequestAborted;
        Reader = new RequestMessageReader(httpContext.Request, options.MaxReceiveMessageSize);
        Writer = new ResponseMessageWriter(httpContext.Response, options.MaxSendMessageSize);
    }

    public HttpContext HttpContext { get; }

    public RequestMessageReader Reader { get; }

    public ResponseMessageWriter Writer { get; }

    /// <summary>The status of a call that was cancelled: by its deadline, or else by the client.</summary>
    public Status CancelledStatus => DeadlinePassed
        ? new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded")
        : new Status(StatusCode.Cancelled, "Call canceled by the client.");

    protected override string MethodCore => _method.FullName;

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore => PeerFormat.Format(HttpContext.Connection);

    protected override DateTime DeadlineCore => _deadline;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadHeaders();

    protected override CancellationToken CancellationTokenCore => _cancellationToken;

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => _authContext ??= PeerFormat.Authenticate(HttpContext.Connection);

    private bool DeadlinePassed =>
        _deadlineSource is { IsCancellationRequested: true } && !HttpContext.RequestAborted.IsCancellationRequested;

    /// <summary>Reads what the request says of the call; fails on what is malformed or not supported.</summary>
    public void Start()
    {
        var headers = HttpContext.Request.Headers;
        if (headers.TryGetValue(GrpcHeaders.Timeout, out var timeout))
        {
            StartDeadline(TimeoutFormat.TryParse(timeout.ToString(), out var span)
                ? span
                : throw WireErrors.Internal("The header 'grpc-timeout' is malformed."));
        }

        var encoding = headers.TryGetValue(GrpcHeaders.Encoding, out var named) ? named.ToString() : null;
        if (!MessageCompression.IsSupported(encoding))
        {
            HttpContext.Response.Headers[GrpcHeaders.AcceptEncoding] = MessageCompression.Accepted;
            throw new RpcException(new Status(
                StatusCode.Unimplemented, $"The compression '{encoding}' is not supported."));
        }

        Reader.Encoding = encoding;
        foreach (var header in headers)
        {
            if (Metadata.Entry.HasBinarySuffix(header.Key))
            {
                // Decoded now, so that malformed base64 fails the call and not some line of the handler.
                _requestHeaders = ReadHeaders();
                break;
            }
        }
    }

    public void Dispose() => _deadlineSource?.Dispose();

    public void WriteStatus()
    {
        var status = DeadlinePassed ? CancelledStatus : Status;
        var trailersOnly = !HttpContext.Response.HasStarted && !Writer.HasWritten;
        StatusWriter.Write(HttpContext, trailersOnly, status, _responseTrailers ?? []);
    }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (HttpContext.Response.HasStarted || Writer.HasWritten)
        {
            throw new InvalidOperationException("Response headers can only be sent once per call.");
        }

        foreach (var entry in responseHeaders)
        {
            if (GrpcHeaders.IsReserved(entry.Key))
            {
                throw new ArgumentException(
                    $"The header '{entry.Key}' belongs to the protocol and cannot be set.", nameof(responseHeaders));
            }

            HttpContext.Response.Headers.Append(entry.Key, MetadataFormat.Encode(entry));
        }

        await HttpContext.Response.BodyWriter.FlushAsync(CancellationToken).ConfigureAwait(false);
    }

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException("Pass on the call's Deadline and CancellationToken in CallOptions instead.");

    private void StartDeadline(TimeSpan timeout)
    {
        var now = _timeProvider.GetUtcNow().UtcDateTime;
        _deadline = timeout < DateTime.MaxValue - now ? now + timeout : DateTime.MaxValue;
        _deadlineSource = CancellationTokenSource.CreateLinkedTokenSource(HttpContext.RequestAborted);
        _cancellationToken = _deadlineSource.Token;
        if (timeout.TotalMilliseconds < int.MaxValue)
        {
            // Rounded up: a timer of whole milliseconds must not fire before the deadline.
            _deadlineSource.CancelAfter(TimeSpan.FromMilliseconds(Math.Ceiling(timeout.TotalMilliseconds)));
        }
    }

    private Metadata ReadHeaders()
    {
        var metadata = new Metadata();
        foreach (var (name, values) in HttpContext.Request.Headers)
        {
            if (GrpcHeaders.IsReserved(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                MetadataFormat.Add(metadata, name, value ?? "");
            }
        }

        return metadata;
    }
}
