using System.Runtime.InteropServices;
using Portal.Engine.Linux.Interop.Threads;

namespace Portal.Engine.Linux.Interop;

/// <summary>mount(2) and umount2(2), and how something is mounted.</summary>
internal static partial class MountCalls
{
    private const string LibC = "libc";
    private const ulong BindFlag = 4096;
    private const ulong RecursiveFlag = 16384;
    private const ulong RemountFlag = 32;
    private const ulong PrivateFlag = 1 << 18;
    private const ulong NoSetIdFlag = 2;
    private const ulong NoDevicesFlag = 4;
    private const ulong NoExecFlag = 8;
    private const int DetachFlag = 2;
    private const int NoFollowFlag = 8;
    private const int CloneFs = 0x200;
    private const int StatFsLength = 256;

    // The eleventh word of the structure, on both architectures.
    private const int StatFsFlags = 10;

    // The working folder belongs to the process; these threads have left that sharing.
    private static readonly KeptThreads s_apart = new("mount", LeaveSharedFolder);

    private static readonly (long Flag, string Option, string Opposite)[] s_restrictions =
    [
        (0x1, "ro", "rw"), (0x2, "nosuid", "suid"), (0x4, "nodev", "dev"), (0x8, "noexec", "exec"),
    ];

    /// <summary>
    /// The restrictions of the mount that a path is on, as words of mount(8), each with the word that takes it back: statfs(2),
    /// <c>f_flags</c>.
    /// </summary>
    /// <param name="path">Followed when it is a link. Nothing there: no restrictions.</param>
    public static unsafe IReadOnlyList<(string Option, string Opposite)> Restrictions(string path)
    {
        var buffer = stackalloc byte[StatFsLength];
        if (Native.StatFs(path, buffer) != 0)
        {
            return [];
        }

        var flags = ((long*)buffer)[StatFsFlags];
        return [.. s_restrictions.Where(known => (flags & known.Flag) != 0).Select(known => (known.Option, known.Opposite))];
    }

    /// <summary>
    /// Mounts a file system with the working folder set to <paramref name="workingFolder"/> for this one call, so that paths in the
    /// options can be relative and short: the kernel takes one page of options.
    /// </summary>
    public static void Mount(string type, string target, string options, string workingFolder)
    {
        s_apart.Run(() =>
        {
            Check(Native.ChangeFolder(workingFolder), "change folder", workingFolder);
            Check(Native.Mount(type, target, type, 0, options), $"mount {type}", target);
            return true;
        });
    }

    /// <summary>Makes a folder a mount of its own that passes nothing on to other mount namespaces and takes nothing from them.</summary>
    public static void MakePrivateMount(string path)
    {
        Check(Native.Mount(path, path, null, BindFlag, null), "bind mount", path);
        Check(Native.Mount(null, path, null, PrivateFlag, null), "make mount private", path);
    }

    /// <summary>Mounts a file system on which nothing is executable, set-user-id or a device, and which no namespace passes on.</summary>
    public static void MountGuarded(string type, string target, string options)
    {
        Check(Native.Mount(type, target, type, NoSetIdFlag | NoDevicesFlag | NoExecFlag, options), $"mount {type}", target);
        Check(Native.Mount(null, target, null, PrivateFlag, null), "make mount private", target);
    }

    /// <summary>Hides what is mounted somewhere behind an empty folder, in the calling thread's mount namespace alone.</summary>
    public static void Cover(string path)
    {
        // What a mount passes on includes what is mounted on top of it.
        Check(Native.Mount(null, path, null, PrivateFlag, null), "make mount private", path);
        Check(Native.Mount("none", path, "tmpfs", NoSetIdFlag | NoDevicesFlag | NoExecFlag, "mode=755,size=4m"), "cover", path);
    }

    /// <summary>
    /// mount(2) with flags and options of a volume. What is mounted passes nothing on to other mount namespaces. The kernel takes flags of a
    /// bind mount only when it is mounted anew.
    /// </summary>
    public static void MountVolume(string source, string target, string? type, ulong flags, string? options)
    {
        Check(Native.Mount(source, target, type, flags, options), $"mount {type ?? source}", target);
        try
        {
            Check(Native.Mount(null, target, null, PrivateFlag | (flags & RecursiveFlag), null), "make mount private", target);
            if ((flags & BindFlag) != 0 && (flags & ~(BindFlag | RecursiveFlag)) != 0)
            {
                Check(Native.Mount(null, target, null, RemountFlag | (flags & ~RecursiveFlag), null), "set flags of mount", target);
            }
        }
        catch (FileCallException)
        {
            Unmount(target);
            throw;
        }
    }

    /// <summary>Takes a mount away, at once for new users and when the last one is done for the rest; false when there was none.</summary>
    public static bool Unmount(string path)
    {
        if (Native.Unmount(path, DetachFlag | NoFollowFlag) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() is Errno.Invalid or Errno.NoEntry ? false : throw FileCalls.Failure("unmount", path);
    }

    /// <summary>Takes a mount away if nobody uses it, and nothing is mounted beneath; false when that is not so.</summary>
    public static bool UnmountIdle(string path)
    {
        if (Native.Unmount(path, NoFollowFlag) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() is Errno.Busy or Errno.Invalid or Errno.NoEntry
            ? false
            : throw FileCalls.Failure("unmount", path);
    }

    private static Action LeaveSharedFolder()
    {
        Check(Native.Unshare(CloneFs), "unshare working folder of", "this thread");
        return () => Check(Native.ChangeFolder("/"), "change folder", "/");
    }

    private static void Check(int result, string what, string path)
    {
        if (result < 0)
        {
            throw FileCalls.Failure(what, path);
        }
    }

    private static partial class Native
    {
        [LibraryImport(LibC, EntryPoint = "statfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static unsafe partial int StatFs(string path, byte* buffer);

        [LibraryImport(LibC, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Mount(string? source, string target, string? type, ulong flags, string? options);

        [LibraryImport(LibC, EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Unmount(string target, int flags);

        [LibraryImport(LibC, EntryPoint = "unshare", SetLastError = true)]
        public static partial int Unshare(int flags);

        [LibraryImport(LibC, EntryPoint = "chdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int ChangeFolder(string path);
    }
}
