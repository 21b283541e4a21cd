using Microsoft.Win32.SafeHandles;
using Portal.Engine.Archives;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Linux.Snapshots.Entries;

/// <summary>Gives new files of one archive blocks that are on the disk already. One caller.</summary>
/// <param name="find">The bytes of an entry on the disk; null when they are nowhere.</param>
internal sealed class SharedContent(Func<TarEntry, SharedFile?> find)
{
    private bool _isImpossible;

    /// <summary>Makes an empty file share all of an entry's content. False when it is to be written: the file is empty still.</summary>
    public bool TryPlace(SafeFileHandle target, TarEntry entry)
    {
        if (_isImpossible || entry.Segments is not null || entry.Size < SharedFile.LeastBytes)
        {
            return false;
        }

        using var source = find(entry);
        if (source is null)
        {
            return false;
        }

        var whole = entry.Size & -SharedFile.Alignment;
        if (FileCalls.TryShare(source.File, source.Offset, whole, target) != 0)
        {
            // One file system holds them all: it knows no shared blocks, or not between these two places.
            _isImpossible = true;
            return false;
        }

        if (TryCopyRest(source, target, whole, (int)(entry.Size - whole)))
        {
            return true;
        }

        FileCalls.TrySetLength(target, 0);
        return false;
    }

    /// <summary>What is no whole block is the file's own.</summary>
    private static bool TryCopyRest(SharedFile source, SafeFileHandle target, long at, int length)
    {
        Span<byte> rest = stackalloc byte[length];
        if (RandomAccess.Read(source.File, rest, source.Offset + at) != length)
        {
            return false;
        }

        RandomAccess.Write(target, rest, at);
        return true;
    }
}
