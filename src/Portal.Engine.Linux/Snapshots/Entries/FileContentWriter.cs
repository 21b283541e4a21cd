using Microsoft.Win32.SafeHandles;
using Portal.Engine.Archives;
using Portal.Engine.Linux.Interop;

namespace Portal.Engine.Linux.Snapshots.Entries;

/// <summary>Writes a file's data, leaving holes where a sparse file has them and where whole buffers are zeros.</summary>
/// <param name="reader">The archive.</param>
/// <param name="buffer">For the data.</param>
/// <param name="isFlushedLater">True where somebody waits for the disk in the end: it begins with large files at once.</param>
internal sealed class FileContentWriter(TarReader reader, byte[] buffer, bool isFlushedLater)
{
    private const long MinimumHole = 64 * 1024;

    // Of large files: the flush that ends an unpacking waits less for what the disk was given while the rest came.
    private const long FlushBytes = 16 << 20;
    private const long LeastFlushed = 1 << 20;

    public async ValueTask WriteAsync(SafeFileHandle file, TarEntry entry, CancellationToken cancellationToken)
    {
        var end = 0L;
        foreach (var segment in entry.Segments ?? [new TarSegment(0, entry.Size)])
        {
            end = Math.Max(end, await WriteSegmentAsync(file, segment, cancellationToken).ConfigureAwait(false));
        }

        if (end < entry.Size)
        {
            var error = FileCalls.TrySetLength(file, entry.Size);
            if (error != 0)
            {
                throw new FileCallException(error, "set length", entry.Path);
            }
        }
    }

    /// <returns>The offset behind the last byte that was written, or 0 when there was none.</returns>
    private async ValueTask<long> WriteSegmentAsync(
        SafeFileHandle file, TarSegment segment, CancellationToken cancellationToken)
    {
        var at = segment.Offset;
        var end = segment.Offset + segment.Length;
        var written = 0L;
        var flushed = at;
        while (at < end)
        {
            var wanted = (int)Math.Min(buffer.Length, end - at);
            var read = await reader.ReadDataAsync(buffer.AsMemory(0, wanted), cancellationToken).ConfigureAwait(false);

            // A small archive can hold terabytes of zeros: as a hole they cost no disk.
            if (read < MinimumHole || buffer.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                RandomAccess.Write(file, buffer.AsSpan(0, read), at);
                written = at + read;
            }

            at += read;
            if (isFlushedLater && (at - flushed >= FlushBytes || (at == end && at - flushed >= LeastFlushed)))
            {
                FileCalls.BeginFlush(file, flushed, at - flushed);
                flushed = at;
            }
        }

        return written;
    }
}
