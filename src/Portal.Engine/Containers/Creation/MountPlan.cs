using Portal.Engine.Volumes;

namespace Portal.Engine.Containers.Creation;

/// <summary>Turns binds, tmpfs mounts and volumes of a request into mounts, and says what is wrong with them.</summary>
internal sealed class MountPlan(string volumesRoot)
{
    private static readonly string[] s_propagations =
        ["private", "rprivate", "shared", "rshared", "slave", "rslave"];

    private readonly Dictionary<string, ContainerMount> _mounts = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private readonly List<string> _anonymous = [];

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Names of the volumes that nobody named.</summary>
    public IReadOnlyList<string> AnonymousVolumes => _anonymous;

    /// <summary>Outer ones first, so that none hides another.</summary>
    public IReadOnlyList<ContainerMount> Mounts =>
        _mounts.Values.OrderBy(mount => mount.Destination, StringComparer.Ordinal).ToArray();

    public static MountPlan Of(ContainerSpec spec, string volumesRoot)
    {
        var plan = new MountPlan(volumesRoot);
        foreach (var bind in spec.Binds)
        {
            plan.AddBind(bind);
        }

        foreach (var (path, options) in spec.Tmpfs)
        {
            plan.Add(new ContainerMount("tmpfs", "", "", path, options, Writable: !options.Split(',').Contains("ro")));
        }

        foreach (var path in spec.Volumes)
        {
            plan.AddAnonymousVolume(path);
        }

        return plan;
    }

    private void AddBind(string bind)
    {
        var parts = bind.Split(':');
        if (parts.Length is < 2 or > 3 || parts[0].Length == 0 || parts[1].Length == 0)
        {
            _problems.Add($"invalid volume specification: '{bind}'");
            return;
        }

        var options = parts.Length == 3 ? parts[2] : "";
        if (options.Split(',', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(IsUnknown) is { } unknown)
        {
            _problems.Add($"invalid mode: {unknown}");
            return;
        }

        var writable = !options.Split(',').Contains("ro");
        if (parts[0][0] == '/')
        {
            var source = Path.GetFullPath(parts[0]);
            Add(new ContainerMount("bind", "", source, parts[1], options, writable));
        }
        else if (!VolumeNames.IsValid(parts[0]))
        {
            _problems.Add(VolumeNames.Problem(parts[0]));
        }
        else
        {
            Add(Volume(parts[0], parts[1], options, writable));
        }
    }

    private void AddAnonymousVolume(string path)
    {
        // Something mounted there on purpose takes the volume's place.
        if (!_mounts.ContainsKey(Clean(path)))
        {
            var name = VolumeNames.Next();
            _anonymous.Add(name);
            Add(Volume(name, path, "", writable: true));
        }
    }

    private ContainerMount Volume(string name, string destination, string options, bool writable)
    {
        return new ContainerMount(
            "volume", name, Path.Combine(volumesRoot, name, "_data"), destination, options, writable);
    }

    private void Add(ContainerMount mount)
    {
        if (!mount.Destination.StartsWith('/') || mount.Destination.Contains('\0') || mount.Source.Contains('\0'))
        {
            _problems.Add($"invalid mount path: '{mount.Destination}' mount path must be absolute");
            return;
        }

        var destination = Clean(mount.Destination);
        if (destination == "/")
        {
            _problems.Add("invalid specification: destination can't be '/'");
        }
        else if (!_mounts.TryAdd(destination, mount with { Destination = destination }))
        {
            _problems.Add($"Duplicate mount point: {destination}");
        }
    }

    private static bool IsUnknown(string option)
    {
        return option is not ("ro" or "rw" or "z" or "Z" or "nocopy" or "consistent" or "cached" or "delegated")
            && !s_propagations.Contains(option);
    }

    private static string Clean(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, "/"));
}
