using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop;

/// <summary>
/// Reads files of a tree that others write, such as a container's root: every link is resolved as if the tree were
/// the root (openat2(2)).
/// </summary>
internal static class RootedFiles
{
    private const int NoTerminal = 0x100;

    /// <summary>Reads a regular file of at most <paramref name="limit"/> bytes.</summary>
    /// <returns>Null when there is no such regular file, or it is larger.</returns>
    public static byte[]? ReadBounded(string root, string path, int limit)
    {
        using var file = Open(root, path);
        if (file is null || FileStatus.Read(file) is not { IsRegular: true })
        {
            return null;
        }

        // One byte more than allowed tells "too large" from "just fits", whatever a size says that can change meanwhile.
        var buffer = new byte[Math.Min(RandomAccess.GetLength(file), limit) + 1];
        var total = 0;
        int read;
        while (total < buffer.Length && (read = RandomAccess.Read(file, buffer.AsSpan(total), total)) > 0)
        {
            total += read;
        }

        return total > limit ? null : buffer[..total];
    }

    private static SafeFileHandle? Open(string root, string path)
    {
        using var folder = FileCalls.OpenFolder(root);

        // Non-blocking, so that a FIFO or a device in the file's place holds nobody up.
        const int flags = OpenFlags.ReadOnly | OpenFlags.NonBlocking | NoTerminal;
        var file = FileCalls.TryOpenIn(
            folder, FileCalls.NulTerminated(Encoding.UTF8.GetBytes(path)), flags, ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, out _);
        if (!file.IsInvalid)
        {
            return file;
        }

        file.Dispose();
        return null;
    }
}
