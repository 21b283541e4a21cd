using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop;

/// <summary>System calls on files that the base library does not offer: folders, links, owners, attributes.</summary>
/// <remarks>
/// Names are bytes that end in NUL (see <see cref="NulTerminated"/>), because Linux names need not be UTF-8. Methods throw
/// <see cref="FileCallException"/> on failure, except for those named Try, which return errno(3) or 0.
/// </remarks>
internal static partial class FileCalls
{
    private const int AtFolderItself = 0x1000;
    private const int AtNoFollow = 0x100;
    private const int AtRemoveFolder = 0x200;
    private const int AtFollow = 0x400;
    private const uint SyncFileRangeWrite = 2;

    // After those at once, and some more, there is a millisecond between two: half a second in all.
    private const int OpenAttemptsAtOnce = 100;
    private const int OpenAttempts = OpenAttemptsAtOnce + 500;

    /// <summary>A name as the kernel takes it.</summary>
    public static byte[] NulTerminated(ReadOnlySpan<byte> name) => [.. name, 0];

    /// <summary>open(2) of a folder, to fsync it or to resolve names beneath it.</summary>
    public static SafeFileHandle OpenFolder(string path)
    {
        var handle = Native.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.CloseOnExec, 0);
        return handle.IsInvalid ? throw Failure("open folder", path) : handle;
    }

    /// <summary>openat(2); an invalid handle on failure, with the reason in <paramref name="error"/>.</summary>
    public static SafeFileHandle TryOpenAt(SafeFileHandle folder, byte[] name, int flags, uint mode, out int error)
    {
        var handle = Native.OpenAt(folder, name, flags | OpenFlags.CloseOnExec, mode);
        error = handle.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        return handle;
    }

    /// <summary>openat2(2); an invalid handle on failure, with the reason in <paramref name="error"/>.</summary>
    public static SafeFileHandle TryOpenIn(SafeFileHandle root, byte[] path, int flags, ResolveFlags resolve, out int error)
    {
        // EAGAIN: a rename or a mount anywhere on the host made the kernel unsure whether ".." stayed inside. Trying again is what the man
        // page says. A container that starts takes a copy of all mounts, which are a thousand where 500 run: that has to be waited out.
        var pause = default(SpinWait);
        for (var attempt = 0; ; attempt++)
        {
            var how = new OpenHow { Flags = (ulong)(uint)(flags | OpenFlags.CloseOnExec), Resolve = (ulong)resolve };
            var descriptor = Native.OpenAt2(Native.OpenAt2Number, root, path, ref how, (nuint)Marshal.SizeOf<OpenHow>());
            error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error is not (Errno.TryAgain or Errno.Interrupted) || attempt == OpenAttempts)
            {
                return new SafeFileHandle((nint)descriptor, ownsHandle: true);
            }

            if (attempt >= OpenAttemptsAtOnce)
            {
                pause.SpinOnce();
            }
        }
    }

    /// <summary>fsync(2).</summary>
    public static void Flush(SafeFileHandle handle, string path) => Check(Native.FSync(handle), "fsync", path);

    /// <summary>
    /// sync_file_range(2), which only begins to write: what a later flush need not wait for. Not every file system knows it, and it promises
    /// nothing, so there is nothing to fail.
    /// </summary>
    public static void BeginFlush(SafeFileHandle file, long offset, long length) =>
        _ = Native.SyncFileRange(file, offset, length, SyncFileRangeWrite);

    /// <summary>
    /// ioctl_ficlonerange(2): the beginning of a file shares blocks with another place. EOPNOTSUPP and others where the file system can't.
    /// </summary>
    public static int TryShare(SafeFileHandle source, long offset, long length, SafeFileHandle target)
    {
        var range = new Native.CloneRange { Source = source.DangerousGetHandle(), Offset = (ulong)offset, Length = (ulong)length };
        var error = Error(Native.CloneRangeOf(target, Native.CloneRangeRequest, in range));
        GC.KeepAlive(source);
        return error;
    }

    /// <summary>syncfs(2): everything that was written to the file system which holds the file.</summary>
    public static void FlushFileSystem(SafeFileHandle handle, string path) => Check(Native.SyncFs(handle), "syncfs", path);

    public static int TryMakeFolder(SafeFileHandle folder, byte[] name, uint mode) => Error(Native.MkDirAt(folder, name, mode));

    public static int TryMakeNode(SafeFileHandle folder, byte[] name, uint mode, uint major, uint minor)
    {
        // The kernel's own encoding of a device number (new_encode_dev), not glibc's wider one.
        var device = (minor & 0xFF) | (major << 8) | ((minor & ~0xFFu) << 12);
        return Error(Native.MkNodAt(Native.MkNodAtNumber, folder, name, mode, device));
    }

    public static int TryMakeSymbolicLink(byte[] target, SafeFileHandle folder, byte[] name) =>
        Error(Native.SymLinkAt(target, folder, name));

    public static int TryMakeHardLink(SafeFileHandle oldFolder, byte[] oldName, SafeFileHandle folder, byte[] name) =>
        Error(Native.LinkAt(oldFolder, oldName, folder, name, 0));

    public static int TryRename(SafeFileHandle oldFolder, byte[] oldName, SafeFileHandle folder, byte[] name) =>
        Error(Native.RenameAt(oldFolder, oldName, folder, name));

    /// <summary>Renames unless the new name is taken (EEXIST), in one step where the file system knows how to.</summary>
    public static int TryRenameNew(SafeFileHandle oldFolder, byte[] oldName, SafeFileHandle folder, byte[] name)
    {
        const uint NoReplace = 1;
        var error = Error(Native.RenameAt2(Native.RenameAt2Number, oldFolder, oldName, folder, name, NoReplace));
        if (error is not (Errno.Invalid or Errno.NotImplemented))
        {
            return error;
        }

        // EINVAL is also a folder that is to go into itself: a plain rename tells the two apart.
        return TryStat(folder, name, out _) == 0 ? Errno.Exists : TryRename(oldFolder, oldName, folder, name);
    }

    /// <summary>renameat2(2) with RENAME_EXCHANGE: the two change places at once.</summary>
    public static int TryExchange(SafeFileHandle oldFolder, byte[] oldName, SafeFileHandle folder, byte[] name) =>
        Error(Native.RenameAt2(Native.RenameAt2Number, oldFolder, oldName, folder, name, 2));

    /// <summary>linkat(2) of an open file that has no name (O_TMPFILE).</summary>
    public static int TryGiveName(SafeFileHandle file, SafeFileHandle folder, byte[] name)
    {
        // As open(2) says; the descriptor itself (AT_EMPTY_PATH) would take a capability.
        var path = NulTerminated(System.Text.Encoding.ASCII.GetBytes($"/proc/self/fd/{file.DangerousGetHandle()}"));
        var result = Error(Native.LinkAt(folder, path, folder, name, AtFollow));
        GC.KeepAlive(file);
        return result;
    }

    public static int TryRemove(SafeFileHandle folder, byte[] name, bool isFolder) =>
        Error(Native.UnlinkAt(folder, name, isFolder ? AtRemoveFolder : 0));

    /// <summary>statx(2) of a name in a folder, not following a link.</summary>
    public static int TryStat(SafeFileHandle folder, ReadOnlySpan<byte> name, out FileStat stat) =>
        Error(Native.StatX(folder, name, AtNoFollow, FileStat.BasicMask, out stat));

    /// <summary>statx(2) of an open file or folder.</summary>
    public static FileStat Stat(SafeFileHandle handle, string path)
    {
        Check(Native.StatX(handle, [0], AtFolderItself, FileStat.BasicMask, out var stat), "statx", path);
        return stat;
    }

    public static int TrySetOwner(SafeFileHandle handle, uint user, uint group) => Error(Native.FChOwn(handle, user, group));

    public static int TrySetOwnerAt(SafeFileHandle folder, byte[] name, uint user, uint group) =>
        Error(Native.FChOwnAt(folder, name, user, group, AtNoFollow));

    public static int TrySetMode(SafeFileHandle handle, uint mode) => Error(Native.FChMod(handle, mode));

    /// <summary>fchmodat(2), which follows links: not for links.</summary>
    public static int TrySetModeAt(SafeFileHandle folder, byte[] name, uint mode) => Error(Native.FChModAt(folder, name, mode, 0));

    /// <summary>utimensat(2) of a name in a folder, not following a link.</summary>
    public static int TrySetTimesAt(SafeFileHandle folder, byte[] name, FileTime time) =>
        Error(Native.UTimeNsAt(folder, name, [time, time], AtNoFollow));

    public static int TrySetTimes(SafeFileHandle handle, FileTime time) => Error(Native.FUTimeNs(handle, [time, time]));

    public static int TrySetLength(SafeFileHandle handle, long length) => Error(Native.FTruncate(handle, length));

    public static int TrySetAttribute(SafeFileHandle handle, string name, byte[] value) =>
        Error(Native.FSetXattr(handle, name, value, (nuint)value.Length, 0));

    /// <summary>fgetxattr(2); null when the attribute is not there.</summary>
    public static byte[]? GetAttribute(SafeFileHandle handle, string name)
    {
        // Most are a few bytes long; none is longer than 64 KiB (xattr(7)).
        var buffer = new byte[256];
        var length = (int)Native.FGetXattr(handle, name, buffer, (nuint)buffer.Length);
        if (length < 0 && Marshal.GetLastPInvokeError() == Errno.Range)
        {
            buffer = new byte[64 * 1024];
            length = (int)Native.FGetXattr(handle, name, buffer, (nuint)buffer.Length);
        }

        return length < 0 ? null : buffer[..length];
    }

    /// <summary>getdents64(2): the next names of a folder into a buffer; 0 at the end.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="buffer">For the names.</param>
    /// <param name="path">For messages.</param>
    /// <param name="goneIsEmpty">True when a folder that was removed since it was opened is none, rather than a failure (ENOENT).</param>
    public static int ReadFolder(SafeFileHandle folder, byte[] buffer, string path, bool goneIsEmpty = false)
    {
        var read = Native.GetDents(Native.GetDentsNumber, folder, buffer, (nuint)buffer.Length);
        if (read < 0 && goneIsEmpty && Marshal.GetLastPInvokeError() == Errno.NoEntry)
        {
            return 0;
        }

        Check((int)read, "read folder", path);
        return (int)read;
    }

    /// <summary>The failure of the call that was just made on this thread.</summary>
    internal static FileCallException Failure(string what, string path) => new(Marshal.GetLastPInvokeError(), what, path);

    private static void Check(int result, string what, string path)
    {
        if (result < 0)
        {
            throw Failure(what, path);
        }
    }

    private static int Error(int result) => result < 0 ? Marshal.GetLastPInvokeError() : 0;
}
