using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace Portal.Agent.Link;

/// <summary>A WebSocket's bytes, failing as a TCP connection's do: what runs on it takes a cut for what it is, not for a bug.</summary>
internal sealed class WebSocketConnectionStream(WebSocket socket) : Stream
{
    private readonly WebSocketStream _inner = WebSocketStream.Create(socket, WebSocketMessageType.Binary);

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
            return await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsCut(failure))
        {
            throw new ConnectionResetException("The link to the portal broke.", failure);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _inner.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsCut(failure))
        {
            throw new ConnectionResetException("The link to the portal broke.", failure);
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

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Pipes read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Pipes write asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // NotSupported is what the framework's stream says once its socket was aborted.
    private static bool IsCut(Exception failure) =>
        failure is WebSocketException or IOException or ObjectDisposedException or NotSupportedException or InvalidOperationException;
}
