namespace Portal.Engine.Archives;

/// <summary>
/// Writes tar archives front to back (POSIX pax, "ustar Interchange Format"), with an extended header only where an
/// entry needs one. The same entries give the same bytes. One caller; does not own the stream.
/// </summary>
public sealed class TarOutput(Stream stream)
{
    private static readonly byte[] s_zeros = new byte[2 * TarHeader.BlockSize];
    private long _left;
    private int _padding;

    /// <summary>Writes an entry's headers. For a file, <see cref="TarEntry.Size"/> bytes of data follow.</summary>
    /// <exception cref="InvalidOperationException">Data of the entry before is missing, or the entry is sparse.</exception>
    public async ValueTask BeginAsync(TarEntry entry, CancellationToken cancellationToken)
    {
        await EndEntryAsync(cancellationToken).ConfigureAwait(false);
        if (entry.Segments is not null)
        {
            throw new InvalidOperationException("Sparse entries are written as plain ones.");
        }

        await stream.WriteAsync(TarHeaderWriter.Write(entry), cancellationToken).ConfigureAwait(false);
        _left = entry.Kind == TarEntryKind.File ? entry.Size : 0;
        _padding = (int)(-_left & (TarHeader.BlockSize - 1));
    }

    /// <summary>Writes data of the entry that was begun.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (data.Length > _left)
        {
            throw new InvalidOperationException("More data than the entry's size says.");
        }

        await stream.WriteAsync(data, cancellationToken).ConfigureAwait(false);
        _left -= data.Length;
    }

    /// <summary>Writes a whole small file that is owned by root.</summary>
    public async ValueTask WriteFileAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await BeginAsync(File(path, content.Length), cancellationToken).ConfigureAwait(false);
        await WriteAsync(content, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the end mark.</summary>
    public async ValueTask FinishAsync(CancellationToken cancellationToken)
    {
        await EndEntryAsync(cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(s_zeros, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The header of a file that everybody may read, owned by root, of the beginning of time.</summary>
    public static TarEntry File(string path, long size) => new()
    {
        Kind = TarEntryKind.File, PathBytes = System.Text.Encoding.UTF8.GetBytes(path), Mode = 0x1A4, Size = size,
    };

    /// <summary>The header of a folder that everybody may enter, owned by root, of the beginning of time.</summary>
    public static TarEntry Folder(string path) => new()
    {
        Kind = TarEntryKind.Folder, PathBytes = System.Text.Encoding.UTF8.GetBytes(path), Mode = 0x1ED,
    };

    private async ValueTask EndEntryAsync(CancellationToken cancellationToken)
    {
        if (_left > 0)
        {
            throw new InvalidOperationException("Data of the entry before is missing.");
        }

        await stream.WriteAsync(s_zeros.AsMemory(0, _padding), cancellationToken).ConfigureAwait(false);
        _padding = 0;
    }
}
