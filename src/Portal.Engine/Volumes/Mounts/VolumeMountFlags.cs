namespace Portal.Engine.Volumes.Mounts;

/// <summary>Flags of mount(2), with the kernel's values.</summary>
[Flags]
public enum VolumeMountFlags : ulong
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>ro</c>.</summary>
    ReadOnly = 1,

    /// <summary><c>nosuid</c>.</summary>
    NoSetUserId = 2,

    /// <summary><c>nodev</c>.</summary>
    NoDevices = 4,

    /// <summary><c>noexec</c>.</summary>
    NoExecution = 8,

    /// <summary><c>sync</c>.</summary>
    Synchronous = 16,

    /// <summary><c>dirsync</c>.</summary>
    SynchronousFolders = 128,

    /// <summary><c>noatime</c>.</summary>
    NoAccessTime = 1024,

    /// <summary><c>nodiratime</c>.</summary>
    NoFolderAccessTime = 2048,

    /// <summary><c>bind</c>.</summary>
    Bind = 4096,

    /// <summary>With <see cref="Bind"/>: what is mounted beneath as well (<c>rbind</c>).</summary>
    Recursive = 16384,

    /// <summary><c>relatime</c>.</summary>
    RelativeAccessTime = 1 << 21,

    /// <summary><c>strictatime</c>.</summary>
    StrictAccessTime = 1 << 24,

    /// <summary><c>lazytime</c>.</summary>
    LazyTime = 1 << 25,
}
