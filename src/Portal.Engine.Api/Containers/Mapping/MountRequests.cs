using System.Globalization;
using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Api.Containers.Models.Mounts;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>
/// What <c>-v</c>, <c>--mount</c> and <c>--tmpfs</c> ask for. A bind is checked alike whichever way it comes.
/// </summary>
internal sealed class MountRequests
{
    public List<string> Binds { get; } = [];

    public Dictionary<string, string> Tmpfs { get; } = [];

    /// <summary>Paths that shall be anonymous volumes.</summary>
    public List<string> Volumes { get; } = [];

    public static MountRequests Parse(ContainerCreateRequest request, List<string> problems)
    {
        var mounts = new MountRequests();
        var host = request.HostConfig;
        foreach (var bind in host?.Binds ?? [])
        {
            mounts.AddBind(bind, problems);
        }

        foreach (var (path, options) in host?.Tmpfs ?? [])
        {
            mounts.Tmpfs[path] = options;
        }

        foreach (var mount in host?.Mounts ?? [])
        {
            mounts.Add(mount, problems);
        }

        mounts.Volumes.AddRange(request.Volumes?.Keys.ToList() ?? []);

        return mounts;
    }

    private void AddBind(string bind, List<string> problems)
    {
        var parts = bind.Split(':');
        if (parts.Length is < 2 or > 3 || !parts[1].StartsWith('/'))
        {
            problems.Add($"invalid volume specification: '{bind}'");
            return;
        }

        Binds.Add(bind);
    }

    private void Add(MountRequest mount, List<string> problems)
    {
        switch (mount.Type)
        {
            case "bind" when mount.Source.Contains(':', StringComparison.Ordinal) || mount.Target.Contains(':', StringComparison.Ordinal):
                problems.Add($"invalid mount config for type \"bind\": a path with a colon can't be mounted: '{mount.Source}'");
                break;
            case "bind" when !mount.Source.StartsWith('/'):
                problems.Add($"invalid mount config for type \"bind\": invalid mount path: '{mount.Source}' mount path must be absolute");
                break;
            case "bind" when !Path.Exists(mount.Source):
                problems.Add($"invalid mount config for type \"bind\": bind source path does not exist: {mount.Source}");
                break;
            case "bind":
                AddBind($"{mount.Source}:{mount.Target}{BindOptions(mount)}", problems);
                break;
            case "tmpfs":
                Tmpfs[mount.Target] = TmpfsOptions(mount);
                break;
            case "volume":
                AddVolume(mount, problems);
                break;
            default:
                problems.Add($"mount type unknown: \"{mount.Type}\"");
                break;
        }
    }

    private void AddVolume(MountRequest mount, List<string> problems)
    {
        var options = mount.VolumeOptions;
        if (options is { Subpath.Length: > 0 } or { Labels.Count: > 0 } or { DriverConfig.Options.Count: > 0 }
            || options?.DriverConfig?.Name is not (null or "" or "local"))
        {
            problems.Add(
                "invalid mount config for type \"volume\": sub-paths, labels and drivers of a mount are not available in this engine yet; "
                + "make the volume beforehand with 'docker volume create'");
        }
        else if (mount.Source.Length > 0)
        {
            var words = (mount.ReadOnly ? ":ro" : ":rw") + (options is { NoCopy: true } ? ",nocopy" : "");
            AddBind($"{mount.Source}:{mount.Target}{words}", problems);
        }
        else if (mount.ReadOnly || options is { NoCopy: true })
        {
            problems.Add("invalid mount config for type \"volume\": a read-only or uncopied volume needs a name (source=NAME)");
        }
        else
        {
            Volumes.Add(mount.Target);
        }
    }

    private static string BindOptions(MountRequest mount)
    {
        var options = new List<string>();
        if (mount.ReadOnly)
        {
            options.Add("ro");
        }

        if (mount.BindOptions is { Propagation.Length: > 0 } bind)
        {
            options.Add(bind.Propagation);
        }

        return options.Count == 0 ? "" : ":" + string.Join(',', options);
    }

    private static string TmpfsOptions(MountRequest mount)
    {
        var options = new List<string>();
        if (mount.ReadOnly)
        {
            options.Add("ro");
        }

        if (mount.TmpfsOptions is { SizeBytes: > 0 } sized)
        {
            options.Add($"size={sized.SizeBytes.ToString(CultureInfo.InvariantCulture)}");
        }

        if (mount.TmpfsOptions is { Mode: > 0 } moded)
        {
            options.Add($"mode={Convert.ToString(moded.Mode, 8)}");
        }

        return string.Join(',', options);
    }
}
