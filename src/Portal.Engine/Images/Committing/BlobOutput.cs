using Portal.Engine.Content;

namespace Portal.Engine.Images.Committing;

/// <summary>A blob that is written as a stream. Does not own the writer.</summary>
internal sealed class BlobOutput(BlobWriter writer) : WriteOnlyStream
{
    public override long Position
    {
        get => writer.Length;
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        writer.WriteAsync(buffer, cancellationToken);
}
