using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop.Threads;

namespace Portal.Engine.Linux.Interop;

/// <summary>System calls on network and mount namespaces (namespaces(7)) and on the mounts that hold them.</summary>
internal static partial class NamespaceCalls
{
    private const string LibC = "libc";
    private const int NewNetwork = 0x40000000;
    private const int NewMounts = 0x20000;
    private const ulong MountBind = 0x1000;
    private const int UnmountDetach = 0x2;
    private const int UnmountNoFollow = 0x8;
    private const long NamespaceFileSystem = 0x6e736673;
    private const int StatFsLength = 256;

    /// <summary>Gives the calling thread a new network namespace: unshare(2).</summary>
    public static void UnshareNetwork()
    {
        using var wait = KernelWait.Begin();
        Check(Native.Unshare(NewNetwork), "make a network namespace for", "this thread");
    }

    /// <summary>Moves the calling thread into a network namespace: setns(2).</summary>
    public static void EnterNetwork(SafeFileHandle handle, string path)
    {
        using var wait = KernelWait.Begin();
        Check(Native.SetNs(handle, NewNetwork), "enter the network namespace", path);
    }

    /// <summary>Gives the calling thread a copy of its mount namespace: unshare(2).</summary>
    public static void UnshareMounts() => Check(Native.Unshare(NewMounts), "make a mount namespace for", "this thread");

    /// <summary>Moves the calling thread, which shares its working folder with no other, into a mount namespace: setns(2).</summary>
    public static void EnterMounts(SafeFileHandle handle, string path)
    {
        Check(Native.SetNs(handle, NewMounts), "enter the mount namespace", path);
    }

    /// <summary>Opens a namespace, for setns(2) and netlink.</summary>
    public static SafeFileHandle Open(string path)
    {
        var handle = Native.Open(path, OpenFlags.ReadOnly | OpenFlags.CloseOnExec, 0);
        return handle.IsInvalid ? throw FileCalls.Failure("open namespace", path) : handle;
    }

    /// <summary>Has a descriptor stand for another namespace, under its number: dup3(2).</summary>
    public static void Replace(SafeFileHandle handle, SafeFileHandle other)
    {
        Check(Native.Duplicate(other, handle, OpenFlags.CloseOnExec), "replace", "a namespace's descriptor");
    }

    /// <summary>Binds the calling thread's network namespace to a file: mount(2).</summary>
    public static void HoldOwnNetwork(string path) => Hold("/proc/thread-self/ns/net", path);

    /// <summary>Binds a namespace to a file, which keeps it: mount(2).</summary>
    public static void Hold(string source, string path)
    {
        using var wait = KernelWait.Begin();
        Check(Native.Mount(source, path, "none", MountBind, 0), "hold a namespace at", path);
    }

    /// <summary>umount2(2); false when nothing is mounted there.</summary>
    public static bool Release(string path)
    {
        if (Native.Unmount(path, UnmountDetach | UnmountNoFollow) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() is Errno.Invalid or Errno.NoEntry ? false : throw FileCalls.Failure("release namespace", path);
    }

    /// <summary>True when a namespace is mounted at the path: statfs(2).</summary>
    public static unsafe bool IsNamespace(string path)
    {
        var buffer = stackalloc byte[StatFsLength];
        if (Native.StatFs(path, buffer) != 0)
        {
            return Marshal.GetLastPInvokeError() == Errno.NoEntry ? false : throw FileCalls.Failure("look at", path);
        }

        // f_type is the first field, of the size of a word on both architectures.
        return *(long*)buffer == NamespaceFileSystem;
    }

    private static void Check(int result, string what, string path)
    {
        if (result < 0)
        {
            throw FileCalls.Failure(what, path);
        }
    }

    private static unsafe partial class Native
    {
        [LibraryImport(LibC, EntryPoint = "unshare", SetLastError = true)]
        public static partial int Unshare(int flags);

        [LibraryImport(LibC, EntryPoint = "setns", SetLastError = true)]
        public static partial int SetNs(SafeFileHandle handle, int type);

        [LibraryImport(LibC, EntryPoint = "dup3", SetLastError = true)]
        public static partial int Duplicate(SafeFileHandle from, SafeFileHandle to, int flags);

        [LibraryImport(LibC, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial SafeFileHandle Open(string path, int flags, uint mode);

        [LibraryImport(LibC, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Mount(string source, string target, string type, ulong flags, nint data);

        [LibraryImport(LibC, EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Unmount(string target, int flags);

        [LibraryImport(LibC, EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int StatFs(string path, byte* buffer);
    }
}
