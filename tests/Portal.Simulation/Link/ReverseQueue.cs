using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Portal.Simulation.Link;

/// <summary>The connections that the nodes have dialled, as one listener that accepts them: one server serves all nodes.</summary>
internal sealed class ReverseQueue : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _queue = Channel.CreateUnbounded<ConnectionContext>();

    public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 0);

    public void Add(ConnectionContext connection) => _queue.Writer.TryWrite(connection);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(this);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _queue.Reader.WaitToReadAsync(cancellationToken) && _queue.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _queue.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
