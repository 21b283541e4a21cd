using System.IO.Pipelines;
using Portal.Engine.Content;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>Writes an archive to a blob and to whoever unpacks it at the same time. Owns neither.</summary>
internal sealed class LayerOutput(BlobWriter blob, PipeWriter unpacking) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => blob.Length;
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var unpacked = unpacking.WriteAsync(buffer, cancellationToken);
        await blob.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        if ((await unpacked.ConfigureAwait(false)).IsCompleted)
        {
            // Unpacking has failed, which says why.
            throw new OperationCanceledException("The layer is not unpacked any more.");
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
        // The file has no buffer, and whoever commits the blob waits for the disk.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
