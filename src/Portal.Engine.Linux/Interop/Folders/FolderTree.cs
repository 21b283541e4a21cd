using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop.Folders;

/// <summary>
/// Walks and removes folders that others filled. The base library can't be used: it loses names that are no UTF-8, and it goes by paths,
/// which whoever may rename folders can lead elsewhere. Here every step is relative to an open folder and follows no link.
/// </summary>
internal static class FolderTree
{
    internal const int BufferSize = 32 * 1024;

    // Whoever filled the tree chose its depth. Each level costs a descriptor and a stack frame.
    internal const int MaxDepth = 128;

    /// <summary>Removes a folder with all in it. Does nothing when it is not there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="workers">How many threads may remove at the same time; 1 is the caller's own.</param>
    /// <param name="cancellationToken">Stops between two files; what is left is a folder that can be removed by another call.</param>
    public static void Remove(string path, int workers = 1, CancellationToken cancellationToken = default)
    {
        var parentPath = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(parentPath))
        {
            return;
        }

        using var parent = FileCalls.OpenFolder(parentPath);
        var name = FileCalls.NulTerminated(Encoding.UTF8.GetBytes(Path.GetFileName(path)));
        if (workers > 1)
        {
            FolderRemoval.RemoveContents(parent, name, path, workers, cancellationToken);
        }

        new FolderRemoval(path, keepsMounts: false, cancellationToken).RemoveAt(parent, name);
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
        new FolderRemoval(path, keepsMounts, CancellationToken.None).RemoveAt(parent, name);

    /// <summary>
    /// Bytes of all files beneath a folder; a file with several names counts once. What is added or removed meanwhile may count or not.
    /// Folders more than <see cref="MaxDepth"/> deep don't count.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="cancellationToken">Stops at the next name.</param>
    public static long Measure(string path, CancellationToken cancellationToken = default)
    {
        using var folder = FileCalls.OpenFolder(path);
        return new FolderMeasure(filesOnly: false, FolderMeasure.MostLinked, cancellationToken).Sum(folder, path);
    }

    /// <summary>Bytes of all regular files beneath a folder, each counted once; null when the tree is too deep to tell.</summary>
    public static long? TryMeasureFiles(string path)
    {
        using var folder = FileCalls.OpenFolder(path);

        // To the byte, as it is compared: how many files a layer may have is bounded elsewhere.
        var measure = new FolderMeasure(filesOnly: true, int.MaxValue, CancellationToken.None);
        var sum = measure.Sum(folder, path);
        return measure.IsWhole ? sum : null;
    }

    /// <summary>Opens a folder in another one; follows no link.</summary>
    internal static SafeFileHandle OpenChild(SafeFileHandle parent, byte[] name, out int error)
    {
        return FileCalls.TryOpenAt(parent, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow, 0, out error);
    }

    /// <summary>The names in an open folder, each ending in NUL, in the order of the file system.</summary>
    public static List<byte[]> List(SafeFileHandle folder, string path)
    {
        var names = new List<byte[]>();
        var buffer = new byte[BufferSize];
        while (ReadNames(folder, buffer, path, names))
        {
        }

        return names;
    }

    /// <summary>Reads some more names of an open folder, each ending in NUL.</summary>
    /// <returns>False at the end.</returns>
    internal static bool ReadNames(SafeFileHandle folder, byte[] buffer, string path, List<byte[]> names)
    {
        var read = FileCalls.ReadFolder(folder, buffer, path);
        for (var at = 0; NextName(buffer.AsSpan(0, read), ref at, out var name);)
        {
            names.Add(name.ToArray());
        }

        return read > 0;
    }

    /// <summary>
    /// The next name, with the NUL at its end, of those that the kernel put into a buffer; passes over the folder itself and its parent.
    /// </summary>
    /// <returns>False when there is none.</returns>
    internal static bool NextName(ReadOnlySpan<byte> buffer, ref int at, out ReadOnlySpan<byte> name)
    {
        while (at < buffer.Length)
        {
            // struct linux_dirent64: inode (8), offset (8), record length (2), type (1), name.
            var length = BinaryPrimitives.ReadUInt16LittleEndian(buffer[(at + 16)..]);
            name = buffer[(at + 19)..(at + length)];
            name = name[..(name.IndexOf((byte)0) + 1)];
            at += length;
            if (!name.SequenceEqual(".\0"u8) && !name.SequenceEqual("..\0"u8))
            {
                return true;
            }
        }

        name = default;
        return false;
    }
}
