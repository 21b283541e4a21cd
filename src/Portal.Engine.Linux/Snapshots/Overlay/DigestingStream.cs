using System.Security.Cryptography;
using Portal.Engine.Content;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>Hashes what is read through it. Does not own the stream beneath.</summary>
internal sealed class DigestingStream(Stream inner, IncrementalHash hash) : ReadOnlyStream
{
    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        hash.AppendData(buffer, offset, read);
        return read;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        hash.AppendData(buffer.Span[..read]);
        return read;
    }
}
