namespace Portal.Engine.Linux.Interop;

/// <summary>How openat2(2) walks a path.</summary>
[Flags]
internal enum ResolveFlags : ulong
{
    None = 0,

    /// <summary>Refuses magic links such as those in <c>/proc/self/fd</c>.</summary>
    NoMagicLinks = 0x02,

    /// <summary>Refuses every symbolic link.</summary>
    NoSymbolicLinks = 0x04,

    /// <summary>Refuses whatever leads out of the folder, absolute links too.</summary>
    Beneath = 0x08,

    /// <summary>Takes the folder for the root: absolute links and <c>..</c> can't leave it.</summary>
    InRoot = 0x10,
}
