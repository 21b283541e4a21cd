using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop;

/// <summary>System calls on files that the base library does not offer: folders, links, owners, attributes.</summary>
/// <remarks>Every method here throws <see cref="FileCallException"/> on failure; see the man page that each one names.</remarks>
internal static partial class FileCalls
{
    private const string LibC = "libc";

    /// <summary>open(2) of a folder, to fsync it or to resolve names beneath it.</summary>
    public static SafeFileHandle OpenFolder(string path)
    {
        var handle = Native.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.CloseOnExec, 0);
        return handle.IsInvalid ? throw Failure("open folder", path) : handle;
    }

    /// <summary>fsync(2).</summary>
    public static void Flush(SafeFileHandle handle, string path)
    {
        Check(Native.FSync(handle), "fsync", path);
    }

    /// <summary>The failure of the call that was just made on this thread.</summary>
    internal static FileCallException Failure(string what, string path)
    {
        return new FileCallException(Marshal.GetLastPInvokeError(), what, path);
    }

    private static void Check(int result, string what, string path)
    {
        if (result < 0)
        {
            throw Failure(what, path);
        }
    }

    private static partial class Native
    {
        [LibraryImport(LibC, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial SafeFileHandle Open(string path, int flags, uint mode);

        [LibraryImport(LibC, EntryPoint = "fsync", SetLastError = true)]
        public static partial int FSync(SafeFileHandle handle);
    }
}
