namespace Portal.Engine.Containers.Mounts;

/// <summary>
/// Options that a tmpfs may be mounted with (tmpfs(5), mount(8)). Anything else could turn it into another kind
/// of mount.
/// </summary>
internal static class TmpfsOptionList
{
    private static readonly string[] s_flags =
    [
        "defaults", "ro", "rw", "exec", "noexec", "suid", "nosuid", "dev", "nodev", "sync", "async", "dirsync", "remount", "mand", "nomand",
        "atime", "noatime", "diratime", "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime", "private", "rprivate",
        "shared", "rshared", "slave", "rslave", "unbindable", "runbindable", "noswap",
    ];

    private static readonly string[] s_values = ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol", "huge"];

    /// <summary>The first option that is none; null when all are fine.</summary>
    public static string? FindUnknown(string options)
    {
        return options.Split(',', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(option => !IsKnown(option));
    }

    private static bool IsKnown(string option)
    {
        var parts = option.Split('=', 2);
        return parts.Length == 1 ? s_flags.Contains(option) : s_values.Contains(parts[0]) && parts[1].Length > 0 && !option.Contains('\0');
    }
}
