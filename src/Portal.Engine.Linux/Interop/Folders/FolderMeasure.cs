using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop.Folders;

/// <summary>Adds up the sizes of what is beneath a folder, while others may change it. One use.</summary>
/// <remarks>
/// Whoever filled the folder chose its shape, so what is held does not grow with it: names are looked at where the kernel put them, a
/// buffer a level, and of files with several names only those are remembered of which names are still to come, up to a bound.
/// </remarks>
/// <param name="filesOnly">True to count regular files alone, false for all but folders (a symbolic link is as long as its text).</param>
/// <param name="mostLinked">
/// How many files with several names are remembered at the same time. When there are more, those that follow count a part for each name,
/// which makes the same sum when all of their names are in the tree, but for rounding.
/// </param>
/// <param name="cancellationToken">Looked at before each name.</param>
internal sealed class FolderMeasure(bool filesOnly, int mostLinked, CancellationToken cancellationToken)
{
    /// <summary>A bound for trees of strangers: about 10 MB.</summary>
    public const int MostLinked = 1 << 18;

    // How many names of a file are still to come, by device and inode.
    private readonly Dictionary<(ulong FileSystem, ulong Inode), uint> _linked = [];
    private bool _isFull;

    /// <summary>False when folders were too deep to be counted.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>How many files are remembered.</summary>
    internal int Remembered => _linked.Count;

    /// <summary>The bytes beneath an open folder.</summary>
    /// <param name="folder">At its beginning.</param>
    /// <param name="path">For messages.</param>
    /// <exception cref="FileCallException">
    /// The folder can't be read. One that is removed meanwhile is no failure: it counts what was seen.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public long Sum(SafeFileHandle folder, string path) => Sum(folder, path, 0);

    private long Sum(SafeFileHandle folder, string path, int depth)
    {
        long sum = 0;
        var buffer = ArrayPool<byte>.Shared.Rent(FolderTree.BufferSize);
        try
        {
            while (FileCalls.ReadFolder(folder, buffer, path, goneIsEmpty: true) is > 0 and var read)
            {
                for (var at = 0; FolderTree.NextName(buffer.AsSpan(0, read), ref at, out var name);)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    sum += SumOf(folder, name, path, depth);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return sum;
    }

    private long SumOf(SafeFileHandle folder, ReadOnlySpan<byte> name, string path, int depth)
    {
        // What is gone since its name was read counts nothing.
        if (FileCalls.TryStat(folder, name, out var stat) != 0)
        {
            return 0;
        }

        return stat.IsFolder ? SumBelow(folder, name, path, depth) : SizeOf(stat);
    }

    private long SumBelow(SafeFileHandle folder, ReadOnlySpan<byte> name, string path, int depth)
    {
        if (depth > FolderTree.MaxDepth)
        {
            IsWhole = false;
            return 0;
        }

        using var open = FolderTree.OpenChild(folder, name.ToArray(), out _);
        return open.IsInvalid ? 0 : Sum(open, path, depth + 1);
    }

    private long SizeOf(in FileStat stat)
    {
        if (filesOnly && !stat.IsRegular)
        {
            return 0;
        }

        if (stat.LinkCount < 2)
        {
            return stat.Size;
        }

        var file = (stat.FileSystem, stat.Inode);
        if (!_linked.TryGetValue(file, out var left))
        {
            // For good: a file of which a part was counted must not be counted whole when there is room again.
            _isFull |= _linked.Count >= mostLinked;
            return !_isFull && _linked.TryAdd(file, stat.LinkCount - 1) ? stat.Size : stat.Size / stat.LinkCount;
        }

        if (left > 1)
        {
            _linked[file] = left - 1;
        }
        else
        {
            _linked.Remove(file);
        }

        return 0;
    }
}
