using System.Runtime.InteropServices;

namespace Portal.Engine.Linux.Interop;

/// <summary><c>struct statx</c> (statx(2)), as far as it is used here.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStat
{
    /// <summary>STATX_BASIC_STATS.</summary>
    public const uint BasicMask = 0x7FF;

    private const ushort TypeMask = 0xF000;
    private const ulong MountRootAttribute = 0x2000;

    [FieldOffset(8)]
    public ulong Attributes;

    [FieldOffset(16)]
    public uint LinkCount;

    [FieldOffset(20)]
    public uint UserId;

    [FieldOffset(24)]
    public uint GroupId;

    [FieldOffset(28)]
    public ushort Mode;

    [FieldOffset(32)]
    public ulong Inode;

    [FieldOffset(40)]
    public long Size;

    [FieldOffset(48)]
    public long Blocks;

    [FieldOffset(112)]
    public FileTime ModificationTime;

    [FieldOffset(128)]
    public uint DeviceMajor;

    [FieldOffset(132)]
    public uint DeviceMinor;

    /// <summary>Of the file system that holds it.</summary>
    [FieldOffset(136)]
    public ulong FileSystem;

    public readonly uint Type => (uint)(Mode & TypeMask);

    public readonly bool IsRegular => Type == FileTypes.Regular;

    public readonly bool IsSymbolicLink => Type == FileTypes.SymbolicLink;

    public readonly bool IsFolder => Type == FileTypes.Folder;

    /// <summary>True for the mark by which overlayfs hides a name of a lower layer.</summary>
    public readonly bool IsWhiteout => Type == FileTypes.CharacterDevice && DeviceMajor == 0 && DeviceMinor == 0;

    /// <summary>True for the root of a mount (Linux 5.8 and later).</summary>
    public readonly bool IsMountRoot => (Attributes & MountRootAttribute) != 0;
}
