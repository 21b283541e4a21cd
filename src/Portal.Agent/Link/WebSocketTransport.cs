using System.IO.Pipelines;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Portal.Agent.Link;

/// <summary>A WebSocket as a connection of ASP.NET Core: the server of the reverse link and SignalR's client both run on one.</summary>
internal sealed class WebSocketTransport : ConnectionContext
{
    private readonly WebSocket _socket;
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenRegistration _abortWhenStale;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposed;

    /// <summary>Takes the socket over.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="stale">Cuts the connection when cancelled.</param>
    public WebSocketTransport(WebSocket socket, CancellationToken stale)
    {
        _socket = socket;
        var stream = new WebSocketConnectionStream(socket);
        Transport = new DuplexPipe(
            PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 32 * 1024, leaveOpen: true)),
            PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: 16 * 1024, leaveOpen: true)));
        ConnectionId = Guid.NewGuid().ToString("N");
        ConnectionClosed = _closed.Token;
        _abortWhenStale = stale.Register(() => Abort());
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport { get; set; }

    /// <summary>Completes when the connection was given back.</summary>
    public Task Ended => _ended.Task;

    public override void Abort(ConnectionAbortedException abortReason)
    {
        // No close handshake: a dead peer answers none, and both protocols above have a farewell of their own.
        _socket.Abort();
        _closed.Cancel();
    }

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _abortWhenStale.DisposeAsync().ConfigureAwait(false);
        _socket.Abort();

        // With a reason, completing writes nothing more: what had to be said was flushed before.
        var over = new ConnectionAbortedException("The connection is over.");
        await Transport.Input.CompleteAsync(over).ConfigureAwait(false);
        await Transport.Output.CompleteAsync(over).ConfigureAwait(false);
        _socket.Dispose();
        await _closed.CancelAsync().ConfigureAwait(false);
        _ended.TrySetResult();
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
