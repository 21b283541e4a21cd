using System.Globalization;
using Portal.Engine.Api.Containers.Models;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>
/// What <c>-v</c>, <c>--mount</c> and <c>--tmpfs</c> ask for. A bind is checked alike whichever way it comes.
/// </summary>
internal sealed class MountRequests
{
    private const string NoVolumes = "named volumes are not available in this engine yet; use a host path";

    public List<string> Binds { get; } = [];

    public Dictionary<string, string> Tmpfs { get; } = [];

    public static MountRequests Parse(ContainerCreateRequest request, List<string> problems, List<string> warnings)
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

        foreach (var path in request.Volumes?.Keys.ToList() ?? [])
        {
            warnings.Add($"Volumes are not available in this engine yet: '{path}' is kept in the container's own layer.");
        }

        return mounts;
    }

    private void AddBind(string bind, List<string> problems)
    {
        if (!bind.StartsWith('/'))
        {
            problems.Add($"invalid volume specification: '{bind}': {NoVolumes}");
            return;
        }

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
                problems.Add($"invalid mount config for type \"volume\": {NoVolumes}");
                break;
            default:
                problems.Add($"mount type unknown: \"{mount.Type}\"");
                break;
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
