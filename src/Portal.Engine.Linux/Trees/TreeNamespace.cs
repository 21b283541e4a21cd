using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Snapshots.Entries;
using Portal.Engine.Trees;

namespace Portal.Engine.Linux.Trees;

/// <summary>
/// A mount namespace in which a container's root is the root, with its volumes and binds in place. Nobody runs in it: it lives as long as
/// its two handles, and goes with all its mounts when they are closed or this process ends. The host's own mounts don't change.
/// </summary>
internal sealed partial class TreeNamespace : IDisposable
{
    private const ulong ReadOnly = 1;
    private const ulong NoSetUid = 2;
    private const ulong NoDevices = 4;
    private const ulong Remount = 32;
    private const ulong Bind = 4096;
    private const ulong Recursive = 16384;
    private const ulong Private = 1 << 18;
    private const int NewMounts = 0x20000;
    private const int Detach = 2;
    private readonly SafeFileHandle _namespace;

    private TreeNamespace(SafeFileHandle root, SafeFileHandle space)
    {
        Root = root;
        _namespace = space;
    }

    /// <summary>The container's root folder.</summary>
    public SafeFileHandle Root { get; }

    public static TreeNamespace Open(
        string root, IReadOnlyList<TreeMount> mounts, bool isReadOnly, (uint User, uint Group)? maker = null)
    {
        TreeNamespace? opened = null;
        Exception? failure = null;

        // A namespace belongs to a thread: this one leaves the process's and ends.
        var thread = new Thread(() =>
        {
            try
            {
                opened = OpenHere(root, mounts, isReadOnly, maker);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return opened ?? throw new IOException($"Opening the files in '{root}' failed.", failure);
    }

    public void Dispose()
    {
        Root.Dispose();
        _namespace.Dispose();
    }

    private static TreeNamespace OpenHere(
        string root, IReadOnlyList<TreeMount> mounts, bool isReadOnly, (uint User, uint Group)? maker)
    {
        Check(Native.Unshare(NewMounts), "leave the mount namespace at", root);

        // Nothing that is mounted or unmounted from here on may be passed on to the host.
        Check(Native.Mount(null, "/", null, Recursive | Private, null), "make mounts private at", "/");
        using var folder = FileCalls.OpenFolder(root);
        foreach (var mount in mounts.Where(mount => Path.Exists(mount.Source)))
        {
            Place(folder, mount, maker);
        }

        if (isReadOnly)
        {
            MakeReadOnly(folder, root);
        }

        var space = FileCalls.TryOpenPath("/proc/thread-self/ns/mnt", OpenFlags.ReadOnly, out var error);
        return error == 0
            ? new TreeNamespace(Enter(folder, root), space)
            : throw new FileCallException(error, "open namespace", root);
    }

    private static void Place(SafeFileHandle root, TreeMount mount, (uint User, uint Group)? maker)
    {
        using var target = OpenTarget(root, mount, maker);
        Check(Native.Mount(mount.Source, PathOf(target), null, Bind | Recursive, null), "bind mount", mount.Destination);
        if (!mount.Writable)
        {
            using var mounted = OpenTarget(root, mount, maker);
            MakeReadOnly(mounted, mount.Destination);
        }
    }

    /// <summary>The place to mount on, made when it is missing; links in the container's tree don't lead out of it.</summary>
    private static SafeFileHandle OpenTarget(SafeFileHandle root, TreeMount mount, (uint User, uint Group)? maker)
    {
        var path = FileCalls.NulTerminated(TreePath.Parse(mount.Destination).Bytes);
        const ResolveFlags Resolve = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks;
        var target = FileCalls.TryOpenIn(root, path, OpenFlags.PathOnly, Resolve, out var error);
        if (error != Errno.NoEntry)
        {
            return error == 0 ? target : throw new FileCallException(error, "open", mount.Destination);
        }

        target.Dispose();
        using var tree = new RootedTree(TreeFolder.Open(root)) { Maker = maker };
        var names = TreePath.Parse(mount.Destination).Names().ToList();
        var parent = tree.Parent(names);
        var leaf = FileCalls.NulTerminated(names[^1]);
        if (Directory.Exists(mount.Source))
        {
            FileCalls.TryMakeFolder(parent, leaf, 0x1ED); // 0755
        }
        else
        {
            FileCalls.TryMakeNode(parent, leaf, FileTypes.Regular | 0x1A4, 0, 0); // 0644
        }

        if (maker is { } owner)
        {
            FileCalls.TrySetOwnerAt(parent, leaf, owner.User, owner.Group);
        }

        target = FileCalls.TryOpenIn(root, path, OpenFlags.PathOnly, Resolve, out error);
        return error == 0 ? target : throw new FileCallException(error, "make a place to mount on at", mount.Destination);
    }

    private static void MakeReadOnly(SafeFileHandle mounted, string path)
    {
        const ulong Flags = Remount | Bind | ReadOnly | NoSetUid | NoDevices;
        Check(Native.Mount(null, PathOf(mounted), null, Flags, null), "make read-only", path);
    }

    /// <summary>Makes the folder this namespace's root and lets go of everything else in it.</summary>
    private static SafeFileHandle Enter(SafeFileHandle folder, string path)
    {
        Check(Native.ChangeFolder(folder), "change folder", path);

        // Stacks the old root on the new one, from where it is taken away (pivot_root(2), "pivot_root(".", ".")").
        Check(Native.PivotRoot(PivotRootNumber, ".", "."), "pivot root to", path);
        Check(Native.Unmount(".", Detach), "unmount the old root over", path);
        return FileCalls.OpenFolder("/");
    }

    private static string PathOf(SafeFileHandle handle) => $"/proc/self/fd/{handle.DangerousGetHandle()}";

    private static long PivotRootNumber => OpenFlags.IsArm ? 41 : 155;

    private static void Check(long result, string what, string path)
    {
        if (result < 0)
        {
            throw new FileCallException(Marshal.GetLastPInvokeError(), what, path);
        }
    }

    private static partial class Native
    {
        private const string LibC = "libc";

        [LibraryImport(LibC, EntryPoint = "unshare", SetLastError = true)]
        public static partial int Unshare(int flags);

        [LibraryImport(LibC, EntryPoint = "fchdir", SetLastError = true)]
        public static partial int ChangeFolder(SafeFileHandle folder);

        [LibraryImport(LibC, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Mount(string? source, string target, string? type, ulong flags, string? options);

        [LibraryImport(LibC, EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Unmount(string target, int flags);

        [LibraryImport(LibC, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial long PivotRoot(long number, string newRoot, string oldRoot);
    }
}
