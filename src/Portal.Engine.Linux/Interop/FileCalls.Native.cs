using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop;

internal static partial class FileCalls
{
    /// <summary>The C library's functions; by number where it has none (openat2) or did not always (mknodat, getdents64).</summary>
    private static partial class Native
    {
        private const string LibC = "libc";

        public const long OpenAt2Number = 437;
        public static readonly long MkNodAtNumber = OpenFlags.IsArm ? 33 : 259;
        public static readonly long RenameAt2Number = OpenFlags.IsArm ? 276 : 316;
        public static readonly long GetDentsNumber = OpenFlags.IsArm ? 61 : 217;

        /// <summary>FICLONERANGE.</summary>
        public const nuint CloneRangeRequest = 0x4020940D;

        [LibraryImport(LibC, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial SafeFileHandle Open(string path, int flags, uint mode);

        [LibraryImport(LibC, EntryPoint = "openat", SetLastError = true)]
        public static partial SafeFileHandle OpenAt(SafeFileHandle folder, byte[] name, int flags, uint mode);

        [LibraryImport(LibC, EntryPoint = "syscall", SetLastError = true)]
        public static partial long OpenAt2(long number, SafeFileHandle root, byte[] path, ref OpenHow how, nuint size);

        [LibraryImport(LibC, EntryPoint = "syscall", SetLastError = true)]
        public static partial int MkNodAt(long number, SafeFileHandle folder, byte[] name, uint mode, uint device);

        [LibraryImport(LibC, EntryPoint = "syscall", SetLastError = true)]
        public static partial long GetDents(long number, SafeFileHandle folder, [Out] byte[] buffer, nuint size);

        [LibraryImport(LibC, EntryPoint = "fsync", SetLastError = true)]
        public static partial int FSync(SafeFileHandle handle);

        [LibraryImport(LibC, EntryPoint = "syncfs", SetLastError = true)]
        public static partial int SyncFs(SafeFileHandle handle);

        [LibraryImport(LibC, EntryPoint = "sync_file_range", SetLastError = true)]
        public static partial int SyncFileRange(SafeFileHandle handle, long offset, long length, uint flags);

        [LibraryImport(LibC, EntryPoint = "ioctl", SetLastError = true)]
        public static partial int CloneRangeOf(SafeFileHandle target, nuint request, in CloneRange range);

        [LibraryImport(LibC, EntryPoint = "mkdirat", SetLastError = true)]
        public static partial int MkDirAt(SafeFileHandle folder, byte[] name, uint mode);

        [LibraryImport(LibC, EntryPoint = "symlinkat", SetLastError = true)]
        public static partial int SymLinkAt(byte[] target, SafeFileHandle folder, byte[] name);

        [LibraryImport(LibC, EntryPoint = "linkat", SetLastError = true)]
        public static partial int LinkAt(SafeFileHandle oldFolder, byte[] oldName, SafeFileHandle folder, byte[] name, int flags);

        [LibraryImport(LibC, EntryPoint = "renameat", SetLastError = true)]
        public static partial int RenameAt(SafeFileHandle oldFolder, byte[] oldName, SafeFileHandle folder, byte[] name);

        [LibraryImport(LibC, EntryPoint = "syscall", SetLastError = true)]
        public static partial int RenameAt2(
            long number, SafeFileHandle oldFolder, byte[] oldName, SafeFileHandle folder, byte[] name, uint flags);

        [LibraryImport(LibC, EntryPoint = "unlinkat", SetLastError = true)]
        public static partial int UnlinkAt(SafeFileHandle folder, byte[] name, int flags);

        [LibraryImport(LibC, EntryPoint = "statx", SetLastError = true)]
        public static partial int StatX(SafeFileHandle folder, ReadOnlySpan<byte> name, int flags, uint mask, out FileStat stat);

        [LibraryImport(LibC, EntryPoint = "fchown", SetLastError = true)]
        public static partial int FChOwn(SafeFileHandle handle, uint user, uint group);

        [LibraryImport(LibC, EntryPoint = "fchownat", SetLastError = true)]
        public static partial int FChOwnAt(SafeFileHandle folder, byte[] name, uint user, uint group, int flags);

        [LibraryImport(LibC, EntryPoint = "fchmod", SetLastError = true)]
        public static partial int FChMod(SafeFileHandle handle, uint mode);

        [LibraryImport(LibC, EntryPoint = "fchmodat", SetLastError = true)]
        public static partial int FChModAt(SafeFileHandle folder, byte[] name, uint mode, int flags);

        [LibraryImport(LibC, EntryPoint = "utimensat", SetLastError = true)]
        public static partial int UTimeNsAt(SafeFileHandle folder, byte[] name, FileTime[] times, int flags);

        [LibraryImport(LibC, EntryPoint = "futimens", SetLastError = true)]
        public static partial int FUTimeNs(SafeFileHandle handle, FileTime[] times);

        [LibraryImport(LibC, EntryPoint = "ftruncate", SetLastError = true)]
        public static partial int FTruncate(SafeFileHandle handle, long length);

        [LibraryImport(LibC, EntryPoint = "fsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int FSetXattr(SafeFileHandle handle, string name, byte[] value, nuint size, int flags);

        [LibraryImport(LibC, EntryPoint = "fgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial long FGetXattr(SafeFileHandle handle, string name, [Out] byte[] value, nuint size);

        /// <summary><c>struct file_clone_range</c>.</summary>
        [StructLayout(LayoutKind.Sequential)]
        public struct CloneRange
        {
            public long Source;
            public ulong Offset;
            public ulong Length;
            public ulong Destination;
        }
    }
}
