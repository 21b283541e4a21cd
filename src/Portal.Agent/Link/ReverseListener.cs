using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Portal.Agent.Link.Portals;

namespace Portal.Agent.Link;

/// <summary>"Accepts" what was dialled: a connection for each portal at most.</summary>
internal sealed class ReverseListener(EndPoint endPoint, ReverseConnections connections) : IConnectionListener
{
    private readonly CancellationTokenSource _unbound = new();
    private readonly ConcurrentDictionary<WebSocketTransport, bool> _accepted = new();

    public EndPoint EndPoint => endPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_unbound.Token, cancellationToken);
        try
        {
            var connection = await connections.TakeAsync(either.Token).ConfigureAwait(false);
            _accepted[connection] = true;
            _ = ForgetAsync(connection);
            return connection;
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
        foreach (var connection in _accepted.Keys)
        {
            connection.Abort(new ConnectionAbortedException("The agent stops."));
        }
    }

    public ValueTask DisposeAsync()
    {
        _unbound.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ForgetAsync(WebSocketTransport connection)
    {
        await connection.Ended.ConfigureAwait(false);
        _accepted.TryRemove(connection, out _);
    }
}
