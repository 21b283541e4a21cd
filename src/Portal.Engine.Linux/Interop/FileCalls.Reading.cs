using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop;

internal static partial class FileCalls
{
    private const int SeekData = 3;
    private const int SeekHole = 4;
    private const int MaxLinkBytes = 4096;

    /// <summary>
    /// Opens a name itself, whatever it is, only to look at it (O_PATH): opening a device or a pipe for real does things.
    /// </summary>
    public static SafeFileHandle TryOpenNode(SafeFileHandle folder, byte[] name, out int error) =>
        TryOpenAt(folder, name, OpenFlags.PathOnly | OpenFlags.NoFollow, 0, out error);

    /// <summary>Opens what a handle that <see cref="TryOpenNode"/> gave stands for, to read or write it: that very file or folder.</summary>
    public static SafeFileHandle TryReopen(SafeFileHandle node, int flags, out int error)
    {
        // A path of our own process, so nobody else can lead it elsewhere.
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{node.DangerousGetHandle()}");
        var handle = TryOpenPath(path, flags, out error);
        GC.KeepAlive(node);
        return handle;
    }

    /// <summary>open(2) of a path of our own; an invalid handle on failure, with the reason in <paramref name="error"/>.</summary>
    public static SafeFileHandle TryOpenPath(string path, int flags, out int error)
    {
        var handle = Native.Open(path, flags | OpenFlags.CloseOnExec, 0);
        error = handle.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        return handle;
    }

    /// <summary>readlinkat(2) of a link that was opened itself.</summary>
    public static byte[] ReadLink(SafeFileHandle link, string path)
    {
        var buffer = new byte[MaxLinkBytes];
        var length = (int)ReadingNative.ReadLinkAt(link, [0], buffer, (nuint)buffer.Length);
        Check(length, "readlinkat", path);
        return buffer[..length];
    }

    /// <summary>flistxattr(2): the names of all attributes; none where the file system has none.</summary>
    public static IReadOnlyList<string> ListAttributes(SafeFileHandle handle, string path)
    {
        var buffer = new byte[256];
        while (true)
        {
            var length = (int)ReadingNative.FListXattr(handle, buffer, (nuint)buffer.Length);
            var error = Error(length);
            if (error == Errno.Range && buffer.Length < 64 * 1024)
            {
                buffer = new byte[64 * 1024];
            }
            else if (error == Errno.NotSupported || length == 0)
            {
                return [];
            }
            else
            {
                Check(length, "flistxattr", path);
                return Encoding.UTF8.GetString(buffer, 0, length).Split('\0', StringSplitOptions.RemoveEmptyEntries);
            }
        }
    }

    /// <summary>The next offset with data at or behind one, and where that data ends (lseek(2), SEEK_DATA); null when only a hole follows.</summary>
    public static (long Start, long End)? NextData(SafeFileHandle file, long offset)
    {
        var start = ReadingNative.LSeek(file, offset, SeekData);
        if (start < 0)
        {
            // ENXIO: nothing but a hole. A file system without holes takes the whole file for data, so other errors don't come.
            return null;
        }

        var end = ReadingNative.LSeek(file, start, SeekHole);
        return (start, end < start ? long.MaxValue : end);
    }

    private static partial class ReadingNative
    {
        private const string LibC = "libc";

        [LibraryImport(LibC, EntryPoint = "readlinkat", SetLastError = true)]
        public static partial nint ReadLinkAt(SafeFileHandle folder, byte[] name, [Out] byte[] buffer, nuint size);

        [LibraryImport(LibC, EntryPoint = "flistxattr", SetLastError = true)]
        public static partial nint FListXattr(SafeFileHandle handle, [Out] byte[] buffer, nuint size);

        [LibraryImport(LibC, EntryPoint = "lseek", SetLastError = true)]
        public static partial long LSeek(SafeFileHandle handle, long offset, int whence);
    }
}
