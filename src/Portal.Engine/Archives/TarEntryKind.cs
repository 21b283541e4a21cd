namespace Portal.Engine.Archives;

/// <summary>What a tar entry stands for (POSIX pax, "ustar Interchange Format", typeflag).</summary>
public enum TarEntryKind
{
    /// <summary>A regular file with data.</summary>
    File = 0,

    /// <summary>Another name for a file that came before.</summary>
    HardLink,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>A character device node.</summary>
    CharacterDevice,

    /// <summary>A block device node.</summary>
    BlockDevice,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A named pipe.</summary>
    Fifo,
}
