using System.Net;
using Microsoft.AspNetCore.Connections;
using Portal.Contracts.Link;

namespace Portal.Agent.Link;

/// <summary>"Accepts" by dialling the portal; one connection at a time.</summary>
internal sealed class ReverseListener(EndPoint endPoint, PortalConnector connector, LinkStatus status) : IConnectionListener
{
    private readonly CancellationTokenSource _unbound = new();
    private WebSocketTransport? _current;

    public EndPoint EndPoint => endPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_unbound.Token, cancellationToken);
        try
        {
            if (_current is not null)
            {
                await _current.Ended.WaitAsync(either.Token).ConfigureAwait(false);
                status.Update(report => report with { Reverse = false });
            }

            var (socket, identityChanged) = await connector
                .ConnectAsync(LinkProtocol.ReversePath, LinkProtocol.ReverseSubprotocol, either.Token).ConfigureAwait(false);
            _current = new WebSocketTransport(socket, identityChanged);
            _current.Features.Set<IReverseLinkFeature>(ReverseLinkFeature.Instance);
            status.Update(report => report with { Reverse = true });
            return _current;
        }
        catch (OperationCanceledException) when (_unbound.IsCancellationRequested)
        {
            // Kestrel's sign that nothing more will come.
            return null;
        }
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync().ConfigureAwait(false);

        // The agent stops: a console that is open must not hold it up, and its program is hung up as for any cut.
        _current?.Abort(new ConnectionAbortedException("The agent stops."));
    }

    public ValueTask DisposeAsync()
    {
        _unbound.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class ReverseLinkFeature : IReverseLinkFeature
    {
        public static ReverseLinkFeature Instance { get; } = new();
    }
}
