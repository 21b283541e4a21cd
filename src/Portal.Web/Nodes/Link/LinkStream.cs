using System.Net.WebSockets;

namespace Portal.Web.Nodes.Link;

/// <summary>
/// A node's WebSocket as the stream of one HTTP/2 connection. Tells when the connection is over, whoever ended it, and then cuts
/// the socket at once: HTTP/2 has its own farewell, and a dead peer answers no close handshake.
/// </summary>
internal sealed class LinkStream(WebSocket socket) : Stream
{
    private readonly WebSocketStream _inner = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when nothing more will go over the stream.</summary>
    public Task Ended => _ended.Task;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await _inner.ReadAsync(buffer, cancellationToken);
            if (count == 0 && buffer.Length > 0)
            {
                _ended.TrySetResult();
            }

            return count;
        }
        catch (Exception failure) when (IsCut(failure))
        {
            _ended.TrySetResult();
            throw new IOException("The link to the node broke.", failure);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _inner.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception failure) when (IsCut(failure))
        {
            _ended.TrySetResult();
            throw new IOException("The link to the node broke.", failure);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Every write is a message that goes out at once.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("HTTP/2 reads asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("HTTP/2 writes asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // NotSupported is what the framework's stream says once its socket was aborted.
    private static bool IsCut(Exception failure) =>
        failure is WebSocketException or IOException or ObjectDisposedException or NotSupportedException or InvalidOperationException;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Abort();
            _ended.TrySetResult();
        }

        base.Dispose(disposing);
    }
}
