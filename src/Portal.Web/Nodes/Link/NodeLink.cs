using Grpc.Core;
using Grpc.Net.Client;

namespace Portal.Web.Nodes.Link;

/// <summary>
/// One node's reverse connection: HTTP/2 on a stream that the agent opened, where the portal is the client. HTTP/2 pings tell within
/// nine seconds that nobody answers any more; then every call on it fails and <see cref="Ended"/> completes.
/// </summary>
internal sealed class NodeLink : IDisposable
{
    private const int LargestMessage = 16 * 1024 * 1024;
    private static readonly TimeSpan s_pingDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_pingTimeout = TimeSpan.FromSeconds(5);

    private readonly LinkStream _stream;
    private readonly SocketsHttpHandler _handler;
    private int _taken;

    public NodeLink(Guid nodeId, string keyFingerprint, LinkStream stream)
    {
        NodeId = nodeId;
        KeyFingerprint = keyFingerprint;
        _stream = stream;
        _handler = new SocketsHttpHandler
        {
            ConnectCallback = TakeStreamAsync,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            EnableMultipleHttp2Connections = false,
            KeepAlivePingDelay = s_pingDelay,
            KeepAlivePingTimeout = s_pingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        };
        var options = new GrpcChannelOptions { HttpHandler = _handler, MaxReceiveMessageSize = LargestMessage };
        Invoker = GrpcChannel.ForAddress("http://node", options).CreateCallInvoker();
    }

    public Guid NodeId { get; }

    /// <summary>Of the key that the connection was opened with.</summary>
    public string KeyFingerprint { get; }

    public CallInvoker Invoker { get; }

    /// <summary>Completes when the connection is over.</summary>
    public Task Ended => _stream.Ended;

    /// <summary>Cuts the connection: every call on it fails.</summary>
    public void Cut() => _stream.Dispose();

    public void Dispose()
    {
        // Not the channel too: that would tell the calls under way that they were cancelled, not that the link broke.
        Cut();
        _handler.Dispose();
    }

    private ValueTask<Stream> TakeStreamAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // There is one stream; when it is used up, the agent has to dial again.
        return Interlocked.Exchange(ref _taken, 1) == 0 && !_stream.Ended.IsCompleted
            ? ValueTask.FromResult<Stream>(_stream)
            : throw new IOException("The link to the node is gone.");
    }
}
