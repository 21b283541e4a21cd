using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Portal.Engine.Linux.Interop;

/// <summary>What statx(2) says of a file, as far as code here asks.</summary>
internal sealed partial record FileStatus(uint Mode, uint Uid, uint Gid, uint DeviceMajor, uint DeviceMinor)
{
    private const uint TypeMask = 0xf000;
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7ff;

    public bool IsRegular => (Mode & TypeMask) == 0x8000;

    public bool IsCharacterDevice => (Mode & TypeMask) == 0x2000;

    public bool IsBlockDevice => (Mode & TypeMask) == 0x6000;

    /// <summary>Of an open file; null when it can't be told.</summary>
    public static FileStatus? Read(SafeFileHandle file)
    {
        return Native.StatxHandle(file, "", EmptyPath, BasicStats, out var buffer) == 0 ? From(buffer) : null;
    }

    /// <summary>Of a path, a link itself in place of what it points to; null when there is nothing.</summary>
    public static FileStatus? Read(string path)
    {
        return Native.Statx(CurrentFolder, path, NoFollow, BasicStats, out var buffer) == 0 ? From(buffer) : null;
    }

    private static FileStatus From(in Buffer buffer)
    {
        return new FileStatus(buffer.Mode, buffer.Uid, buffer.Gid, buffer.DeviceMajor, buffer.DeviceMinor);
    }

    // struct statx of linux/stat.h: the same on all architectures.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Buffer
    {
        [FieldOffset(20)]
        public uint Uid;
        [FieldOffset(24)]
        public uint Gid;
        [FieldOffset(28)]
        public ushort Mode;
        [FieldOffset(128)]
        public uint DeviceMajor;
        [FieldOffset(132)]
        public uint DeviceMinor;
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int StatxHandle(SafeFileHandle folder, string path, int flags, uint mask, out Buffer buffer);

        [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Statx(int folder, string path, int flags, uint mask, out Buffer buffer);
    }
}
