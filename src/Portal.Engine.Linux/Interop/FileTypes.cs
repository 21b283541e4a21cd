namespace Portal.Engine.Linux.Interop;

/// <summary>The type bits of a mode (inode(7)).</summary>
internal static class FileTypes
{
    public const uint Fifo = 0x1000;
    public const uint CharacterDevice = 0x2000;
    public const uint Folder = 0x4000;
    public const uint File = 0x8000;
    public const uint BlockDevice = 0x6000;
    public const uint Regular = 0x8000;
    public const uint SymbolicLink = 0xA000;
    public const uint Socket = 0xC000;
}
