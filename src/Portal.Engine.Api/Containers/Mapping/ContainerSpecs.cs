using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>Makes a specification of a create request, or says everything that is wrong with it at once.</summary>
internal static class ContainerSpecs
{
    private const int DefaultCpuPeriod = 100_000;

    /// <exception cref="EngineException">InvalidArgument: with every problem.</exception>
    public static ContainerSpec Parse(ContainerCreateRequest request, string? name, List<string> warnings)
    {
        var problems = new List<string>();
        var host = request.HostConfig ?? new HostConfigModel();
        if (request.Image.Length == 0)
        {
            problems.Add("config cannot be empty in order to create a container: no image is named");
        }

        Unsupported.Find(request, problems, warnings);
        var networkMode = FindNetwork(request, host);
        var mounts = MountRequests.Parse(request, problems);
        var spec = Describe(request, name) with
        {
            Ports = PortMaps.Parse(host.PortBindings, problems),
            PublishAllPorts = host.PublishAllPorts,
            RestartPolicy = RestartPolicies.Parse(host.RestartPolicy, problems),
            AutoRemove = host.AutoRemove,
            NetworkMode = networkMode,
            Networks = NetworkConnections.Parse(request.NetworkingConfig, networkMode, problems),
            Binds = mounts.Binds,
            Tmpfs = mounts.Tmpfs,
            Volumes = mounts.Volumes,
            Dns = host.Dns ?? [],
            DnsSearch = host.DnsSearch ?? [],
            DnsOptions = host.DnsOptions ?? [],
            ExtraHosts = host.ExtraHosts ?? [],
            Privileged = host.Privileged,
            CapabilitiesToAdd = host.CapAdd ?? [],
            CapabilitiesToDrop = host.CapDrop ?? [],
            SecurityOptions = host.SecurityOpt ?? [],
            ReadOnlyRoot = host.ReadonlyRootfs,
            Init = host.Init ?? false,
            ShmSize = host.ShmSize,
            Resources = Limits(host, problems),
            LogRotation = LogRotations.Parse(host.LogConfig, problems),
            LogDriver = string.IsNullOrEmpty(host.LogConfig?.Type) ? "json-file" : host.LogConfig.Type,
            LogOptions = host.LogConfig?.Config ?? [],
        };
        if (spec is { AutoRemove: true, RestartPolicy.Kind: not RestartPolicyKind.No })
        {
            problems.Add("can't create 'AutoRemove' container with restart policy");
        }

        return problems.Count == 0 ? spec : throw EngineException.InvalidArgument(string.Join("; ", problems));
    }

    private static ContainerSpec Describe(ContainerCreateRequest request, string? name)
    {
        return new ContainerSpec
        {
            Name = string.IsNullOrEmpty(name) ? null : name.TrimStart('/'),
            Image = request.Image,
            Entrypoint = Overriding(request.Entrypoint),
            Command = request.Cmd is { Count: > 0 } command ? command : null,
            Environment = request.Env ?? [],
            WorkingDirectory = NullIfEmpty(request.WorkingDir),
            User = NullIfEmpty(request.User),
            Hostname = NullIfEmpty(request.Hostname),
            Domainname = NullIfEmpty(request.Domainname),
            Labels = request.Labels ?? [],
            Tty = request.Tty,
            OpenStdin = request.OpenStdin,
            StdinOnce = request.StdinOnce,
            StopSignal = NullIfEmpty(request.StopSignal),
            StopTimeout = request.StopTimeout,
            Healthcheck = request.Healthcheck?.Parse(),
            Shell = request.Shell,
            ExposedPorts = [.. request.ExposedPorts?.Keys.ToList() ?? []],
        };
    }

    /// <summary><c>--entrypoint ""</c> comes as a list of one empty string and takes the image's entrypoint away.</summary>
    private static IReadOnlyList<string>? Overriding(List<string>? entrypoint) => entrypoint switch
    {
        null or [] => null,
        [""] => [],
        _ => entrypoint,
    };

    public static RuntimeResources Limits(HostConfigModel host, List<string> problems)
    {
        const long LeastMemory = 6 * 1024 * 1024;
        if (host.Memory is not 0 and < LeastMemory)
        {
            problems.Add("Minimum memory limit allowed is 6MB");
        }

        if (host.NanoCpus != 0 && (host.CpuQuota != 0 || host.CpuPeriod != 0))
        {
            problems.Add("Conflicting options: Nano CPUs and CPU Period or Quota cannot both be set");
        }

        return new RuntimeResources
        {
            Memory = host.Memory,
            MemorySwap = host.MemorySwap,
            MemoryReservation = host.MemoryReservation,
            NanoCpus = host.CpuQuota > 0 ? Billionths(host.CpuQuota, host.CpuPeriod) : host.NanoCpus,
            CpuShares = host.CpuShares,
            CpusetCpus = host.CpusetCpus,
            PidsLimit = host.PidsLimit ?? 0,
        };
    }

    private static long Billionths(long quota, long period)
    {
        return (long)((decimal)quota / (period > 0 ? period : DefaultCpuPeriod) * 1_000_000_000m);
    }

    private static string FindNetwork(ContainerCreateRequest request, HostConfigModel host)
    {
        return request.NetworkDisabled ? "none" : host.NetworkMode is "" or "default" ? "bridge" : host.NetworkMode;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
