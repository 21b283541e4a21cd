using System.Security.Cryptography;
using Portal.Engine.Content;

namespace Portal.Engine.Linux.Volumes.Archives;

/// <summary>Counts and hashes what is written through it. Does not own the stream beneath.</summary>
internal sealed class ArchiveOutput(Stream output, IncrementalHash hash) : WriteOnlyStream
{
    /// <summary>How many bytes were written.</summary>
    public long Count { get; private set; }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        hash.AppendData(buffer.Span);
        Count += buffer.Length;
        await output.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }
}
