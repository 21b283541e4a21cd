using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop;

/// <summary>
/// Walks and removes folders that others filled. The base library can't be used: it loses names that are no UTF-8, and it goes by paths,
/// which whoever may rename folders can lead elsewhere. Here every step is relative to an open folder and follows no link.
/// </summary>
internal static class FolderTree
{
    private const int BufferSize = 32 * 1024;

    // Whoever filled the tree chose its depth. Each level costs a descriptor and a stack frame.
    private const int MaxDepth = 128;

    /// <summary>Removes a folder with all in it. Does nothing when it is not there.</summary>
    public static void Remove(string path)
    {
        var parentPath = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(parentPath))
        {
            return;
        }

        using var parent = FileCalls.OpenFolder(parentPath);
        RemoveAt(parent, FileCalls.NulTerminated(Encoding.UTF8.GetBytes(Path.GetFileName(path))), path);
    }

    /// <summary>Removes a name in a folder, with all beneath it. Does nothing when it is not there.</summary>
    /// <param name="parent">The folder.</param>
    /// <param name="name">The name.</param>
    /// <param name="path">For messages.</param>
    /// <param name="keepsMounts">
    /// True to stop with EBUSY at anything that is mounted there. The kernel itself stops only for mounts of the caller's own namespace; those of
    /// others, a container's among them, it takes away.
    /// </param>
    public static void RemoveAt(SafeFileHandle parent, byte[] name, string path, bool keepsMounts = false) =>
        new Removal(path, keepsMounts).RemoveAt(parent, name, 0);

    /// <summary>Bytes of all files beneath a folder; a file with several names counts once.</summary>
    public static long Measure(string path)
    {
        using var folder = FileCalls.OpenFolder(path);
        return Measure(folder, path, [], 0, _ => true);
    }

    /// <summary>Bytes of all regular files beneath a folder, each counted once; null when the tree is too deep to tell.</summary>
    public static long? TryMeasureFiles(string path)
    {
        using var folder = FileCalls.OpenFolder(path);
        var isWhole = true;
        var sum = Measure(folder, path, [], 0, stat => stat.Type == FileTypes.File, () => isWhole = false);
        return isWhole ? sum : null;
    }

    private static long Measure(
        SafeFileHandle folder, string path, HashSet<ulong> seen, int depth, Func<FileStat, bool> counts, Action? tooDeep = null)
    {
        long sum = 0;
        foreach (var child in List(folder, path))
        {
            if (FileCalls.TryStat(folder, child, out var stat) != 0)
            {
                continue;
            }

            if (stat.IsFolder)
            {
                using var open = OpenChild(folder, child, out _);
                if (depth > MaxDepth)
                {
                    tooDeep?.Invoke();
                }

                sum += open.IsInvalid || depth > MaxDepth ? 0 : Measure(open, path, seen, depth + 1, counts, tooDeep);
            }
            else if (!counts(stat))
            {
                continue;
            }
            else if (stat.LinkCount < 2 || seen.Add(stat.Inode))
            {
                sum += stat.Size;
            }
        }

        return sum;
    }

    private static SafeFileHandle OpenChild(SafeFileHandle parent, byte[] name, out int error)
    {
        return FileCalls.TryOpenAt(parent, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out error);
    }

    /// <summary>The names in an open folder, each ending in NUL, in the order of the file system.</summary>
    public static List<byte[]> List(SafeFileHandle folder, string path)
    {
        // All names first: removing while reading makes some file systems skip names.
        var names = new List<byte[]>();
        var buffer = new byte[BufferSize];
        int read;
        while ((read = FileCalls.ReadFolder(folder, buffer, path)) > 0)
        {
            for (var at = 0; at < read;)
            {
                // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name.
                var length = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16));
                var name = buffer.AsSpan((at + 19)..(at + length));
                name = name[..name.IndexOf((byte)0)];
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                {
                    names.Add(FileCalls.NulTerminated(name));
                }

                at += length;
            }
        }

        return names;
    }

    /// <summary>One removal. What is too deep to descend to is moved up to the top first.</summary>
    private sealed class Removal(string path, bool keepsMounts)
    {
        private SafeFileHandle? _top;
        private int _moved;

        public void RemoveAt(SafeFileHandle parent, byte[] name, int depth)
        {
            if (keepsMounts && FileCalls.TryStat(parent, name, out var stat) == 0 && stat.IsMountRoot)
            {
                throw new FileCallException(Errno.Busy, "remove", path);
            }

            var error = FileCalls.TryRemove(parent, name, isFolder: false);
            if (error is Errno.IsFolder or Errno.NotPermitted)
            {
                error = depth > MaxDepth ? MoveUp(parent, name) : RemoveFolder(parent, name, depth);
            }

            if (error is not (0 or Errno.NoEntry))
            {
                throw new FileCallException(error, "remove", path);
            }
        }

        private int RemoveFolder(SafeFileHandle parent, byte[] name, int depth)
        {
            if (_top is not null)
            {
                return RemoveOnce(parent, name, depth);
            }

            using var top = OpenChild(parent, name, out var error);
            if (error != 0)
            {
                return error;
            }

            _top = top;
            int movedBefore;
            do
            {
                movedBefore = _moved;
                error = RemoveOnce(parent, name, depth);
            }
            while (error == Errno.NotEmpty && _moved > movedBefore);
            return error;
        }

        private int RemoveOnce(SafeFileHandle parent, byte[] name, int depth)
        {
            using var folder = OpenChild(parent, name, out var error);
            if (error != 0)
            {
                return error;
            }

            List(folder, path).ForEach(child => RemoveAt(folder, child, depth + 1));
            return FileCalls.TryRemove(parent, name, isFolder: true);
        }

        private int MoveUp(SafeFileHandle parent, byte[] name)
        {
            var newName = Encoding.ASCII.GetBytes($".removed-{_moved++}");
            return FileCalls.TryRename(parent, name, _top!, FileCalls.NulTerminated(newName));
        }
    }
}
