using System.Threading.Channels;

namespace Portal.Agent.Link.Portals;

/// <summary>Connections to portals, dialled by whoever keeps a link, for the server that "accepts" them.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class ReverseConnections
{
    private readonly Channel<WebSocketTransport> _dialled = Channel.CreateUnbounded<WebSocketTransport>(new() { SingleReader = true });

    public void Add(WebSocketTransport connection)
    {
        connection.Features.Set<IReverseLinkFeature>(ReverseLinkFeature.Instance);
        _dialled.Writer.TryWrite(connection);
    }

    public ValueTask<WebSocketTransport> TakeAsync(CancellationToken cancellationToken) => _dialled.Reader.ReadAsync(cancellationToken);

    private sealed class ReverseLinkFeature : IReverseLinkFeature
    {
        public static ReverseLinkFeature Instance { get; } = new();
    }
}
