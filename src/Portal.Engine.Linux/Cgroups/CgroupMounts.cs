namespace Portal.Engine.Linux.Cgroups;

/// <summary>The cgroup trees of this host, read from <c>/proc/self/mountinfo</c> (proc(5)).</summary>
internal sealed class CgroupMounts
{
    private const string Root = "/sys/fs/cgroup";

    private CgroupMounts(int version, IReadOnlyList<CgroupHierarchy> hierarchies)
    {
        Version = version;
        Hierarchies = hierarchies;
    }

    /// <summary>2 when one version 2 tree carries all controllers, else 1.</summary>
    public int Version { get; }

    /// <summary>All trees; with version 2 exactly one.</summary>
    public IReadOnlyList<CgroupHierarchy> Hierarchies { get; }

    public static CgroupMounts Detect() => Parse(File.ReadAllLines("/proc/self/mountinfo"));

    /// <summary>Reads lines of mountinfo.</summary>
    public static CgroupMounts Parse(IEnumerable<string> lines)
    {
        var found = new List<CgroupHierarchy>();
        foreach (var line in lines)
        {
            if (ParseLine(line) is { } hierarchy && found.All(other => other.MountPoint != hierarchy.MountPoint))
            {
                found.Add(hierarchy);
            }
        }

        var unified = found.Find(hierarchy => hierarchy.Unified && hierarchy.MountPoint == Root);
        return unified is not null ? new CgroupMounts(2, [unified]) : new CgroupMounts(1, found);
    }

    /// <summary>A tree made of folders, for tests.</summary>
    internal static CgroupMounts Of(int version, params CgroupHierarchy[] hierarchies) => new(version, hierarchies);

    private static CgroupHierarchy? ParseLine(string line)
    {
        // 36 35 98:0 /root /mount/point options optional... - type source superoptions
        var separator = line.IndexOf(" - ", StringComparison.Ordinal);
        if (separator < 0)
        {
            return null;
        }

        var before = line[..separator].Split(' ');
        var after = line[(separator + 3)..].Split(' ');
        if (before.Length < 5 || after.Length < 3 || !before[4].StartsWith(Root, StringComparison.Ordinal))
        {
            return null;
        }

        return after[0] switch
        {
            "cgroup2" => new CgroupHierarchy(before[4], [], Unified: true),
            "cgroup" => new CgroupHierarchy(before[4], [.. after[2].Split(',').Where(IsController)], Unified: false),
            _ => null,
        };
    }

    private static bool IsController(string option)
    {
        return option is not ("rw" or "ro" or "xattr" or "clone_children" or "noprefix")
            && !option.StartsWith("release_agent=", StringComparison.Ordinal);
    }
}
