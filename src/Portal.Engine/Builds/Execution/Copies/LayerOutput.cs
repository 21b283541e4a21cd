using System.IO.Pipelines;
using Portal.Engine.Content;

namespace Portal.Engine.Builds.Execution.Copies;

/// <summary>Writes an archive to a blob and to whoever unpacks it at the same time. Owns neither.</summary>
internal sealed class LayerOutput(BlobWriter blob, PipeWriter unpacking) : WriteOnlyStream
{
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
}
