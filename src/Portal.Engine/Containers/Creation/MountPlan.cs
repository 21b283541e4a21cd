using System.Globalization;
using Portal.Engine.Containers.Mounts;
using Portal.Engine.Volumes;

namespace Portal.Engine.Containers.Creation;

/// <summary>Turns binds, tmpfs mounts and volumes of a request into mounts, and says what is wrong with them.</summary>
internal sealed class MountPlan(string volumesRoot)
{
    private readonly Dictionary<string, ContainerMount> _mounts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inherited = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private readonly List<string> _anonymous = [];
    private readonly Dictionary<string, VolumeRequest> _requests = [];

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Names of the volumes that nobody named.</summary>
    public IReadOnlyList<string> AnonymousVolumes => _anonymous;

    /// <summary>What volumes shall be that are made for this container, by name.</summary>
    public IReadOnlyDictionary<string, VolumeRequest> VolumeRequests => _requests;

    /// <summary>Outer ones first, so that none hides another.</summary>
    public IReadOnlyList<ContainerMount> Mounts =>
        _mounts.Values.OrderBy(mount => mount.Destination, StringComparer.Ordinal).ToArray();

    /// <param name="spec">The request.</param>
    /// <param name="volumesRoot">Where volumes are.</param>
    /// <param name="inherited">Mounts of other containers (<c>--volumes-from</c>); the request's own take their place.</param>
    public static MountPlan Of(ContainerSpec spec, string volumesRoot, IReadOnlyList<ContainerMount>? inherited = null)
    {
        var plan = new MountPlan(volumesRoot);
        foreach (var mount in inherited ?? [])
        {
            plan._mounts[mount.Destination] = mount;
            plan._inherited.Add(mount.Destination);
        }

        foreach (var bind in spec.Binds)
        {
            plan.AddBind(bind);
        }

        foreach (var mount in spec.Mounts)
        {
            plan.AddMount(mount);
        }

        foreach (var (path, options) in spec.Tmpfs)
        {
            plan.AddTmpfs(path, options);
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
        if (!BindMode.IsValid(options))
        {
            _problems.Add($"invalid mode: {options}");
            return;
        }

        var words = options.Split(',');
        var isBind = parts[0][0] == '/';
        if (isBind ? words.Contains("nocopy") : words.Any(Propagation.IsKnown))
        {
            var (type, field) = isBind ? ("bind", "VolumeOptions") : ("volume", "BindOptions");
            _problems.Add($"invalid volume specification: '{bind}': invalid mount config for type \"{type}\": field {field} must not be specified");
            return;
        }

        var writable = !words.Contains("ro");
        if (isBind)
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

    private void AddMount(MountSpec mount)
    {
        var problems = MountSpecValidator.Validate(mount).ToList();
        _problems.AddRange(problems);
        if (problems.Count > 0)
        {
            return;
        }

        switch (mount.Type)
        {
            case "bind":
                var source = Path.GetFullPath(mount.Source);
                var propagation = mount.Bind?.Propagation ?? "";
                Add(new ContainerMount("bind", "", source, mount.Target, propagation, !mount.ReadOnly, FlagsOf(mount)));
                break;
            case "tmpfs":
                AddTmpfs(mount.Target, TmpfsOptions(mount));
                break;
            case "volume" when mount.Source.Length == 0:
                AddAnonymousVolume(mount.Target, mount.Volume);
                break;
            default:
                AddNamedVolume(mount);
                break;
        }
    }

    private void AddNamedVolume(MountSpec mount)
    {
        if (!VolumeNames.IsValid(mount.Source))
        {
            _problems.Add($"invalid mount config for type \"volume\": {VolumeNames.Problem(mount.Source)}");
            return;
        }

        Request(mount.Source, mount.Volume);
        var volume = Volume(mount.Source, mount.Target, mount.Volume is { NoCopy: true } ? "nocopy" : "", !mount.ReadOnly);
        Add(volume with { Subpath = mount.Volume?.Subpath ?? "" });
    }

    private void AddTmpfs(string path, string options)
    {
        if (TmpfsOptionList.FindUnknown(options) is { } unknown)
        {
            _problems.Add($"invalid tmpfs option [\"{unknown}\"]");
            return;
        }

        Add(new ContainerMount("tmpfs", "", "", path, options, Writable: !options.Split(',').Contains("ro")));
    }

    private void AddAnonymousVolume(string path, MountVolumeSpec? settings = null)
    {
        // Something mounted there on purpose takes the volume's place.
        if (settings is null && _mounts.ContainsKey(Clean(path)))
        {
            return;
        }

        var name = VolumeNames.Next();
        _anonymous.Add(name);
        Request(name, settings);
        Add(Volume(name, path, settings is { NoCopy: true } ? "nocopy" : "", writable: true));
    }

    private void Request(string name, MountVolumeSpec? settings)
    {
        if (settings is { Labels.Count: > 0 } or { DriverOptions.Count: > 0 })
        {
            _requests[name] = new VolumeRequest { Name = name, Labels = settings.Labels, Options = settings.DriverOptions };
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
        else if (_inherited.Remove(destination))
        {
            _mounts[destination] = Marked(mount) with { Destination = destination };
        }
        else if (!_mounts.TryAdd(destination, Marked(mount) with { Destination = destination }))
        {
            _problems.Add($"Duplicate mount point: {destination}");
        }
    }

    /// <summary>As Docker does with binds of "/" and of other folders that hold its own.</summary>
    private ContainerMount Marked(ContainerMount mount)
    {
        var own = Path.GetDirectoryName(volumesRoot)!;
        return mount.Type == "bind" && !mount.Options.Split(',').Any(Propagation.IsKnown)
            && (IsWithin(mount.Source, own) || IsWithin(own, mount.Source))
            ? mount with { Flags = mount.Flags.Length == 0 ? MountFlags.HoldsEngine : $"{mount.Flags},{MountFlags.HoldsEngine}" }
            : mount;
    }

    private static bool IsWithin(string path, string folder)
    {
        var parent = Path.TrimEndingDirectorySeparator(folder);
        return parent == "/" || path == parent || path.StartsWith(parent + "/", StringComparison.Ordinal);
    }

    private static string FlagsOf(MountSpec mount)
    {
        var flags = new List<string>();
        void Add(bool set, string flag)
        {
            if (set)
            {
                flags.Add(flag);
            }
        }

        Add(mount.Bind is not { CreateMountpoint: true }, MountFlags.MustExist);
        Add(mount.Bind is { NonRecursive: true }, MountFlags.NonRecursive);
        Add(mount.Bind is { ReadOnlyNonRecursive: true }, MountFlags.ReadOnlyNonRecursive);
        Add(mount.Bind is { ReadOnlyForceRecursive: true }, MountFlags.ReadOnlyForceRecursive);
        return string.Join(',', flags);
    }

    private static string TmpfsOptions(MountSpec mount)
    {
        var options = new List<string>(mount.Tmpfs?.Options ?? []);
        if (mount.ReadOnly)
        {
            options.Add("ro");
        }

        if (mount.Tmpfs is { SizeBytes: > 0 } sized)
        {
            options.Add($"size={sized.SizeBytes.ToString(CultureInfo.InvariantCulture)}");
        }

        if (mount.Tmpfs is { Mode: > 0 } moded)
        {
            options.Add($"mode={Convert.ToString(moded.Mode, 8)}");
        }

        return string.Join(',', options);
    }

    private static string Clean(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, "/"));
}
