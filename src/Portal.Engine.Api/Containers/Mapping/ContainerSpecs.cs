using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Containers;
using Portal.Engine.Errors;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>Makes a specification of a create request, or says everything that is wrong with it at once.</summary>
internal static class ContainerSpecs
{
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
        var spec = Describe(request, name) with
        {
            Ports = PortMaps.Parse(host.PortBindings, problems),
            PublishAllPorts = host.PublishAllPorts,
            RestartPolicy = RestartPolicies.Parse(host.RestartPolicy, problems),
            AutoRemove = host.AutoRemove,
            NetworkMode = networkMode,
            Networks = NetworkConnections.Parse(request.NetworkingConfig, networkMode, problems),
            Binds = host.Binds ?? [],
            Tmpfs = host.Tmpfs ?? [],
            Mounts = MountRequests.Parse(host.Mounts),
            VolumesFrom = host.VolumesFrom ?? [],
            VolumeDriver = host.VolumeDriver,
            Volumes = [.. request.Volumes?.Keys.ToList() ?? []],
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
            Resources = HostResources.Limits(host),
            LogRotation = LogRotations.Parse(host.LogConfig, problems),
            LogDriver = string.IsNullOrEmpty(host.LogConfig?.Type) ? "json-file" : host.LogConfig.Type,
            LogOptions = host.LogConfig?.Config ?? [],
        };
        if (spec is { AutoRemove: true, RestartPolicy.Kind: not RestartPolicyKind.No })
        {
            problems.Add("can't create 'AutoRemove' container with restart policy");
        }

        spec = DescribeHost(spec, request, host);
        return problems.Count == 0 ? spec : throw EngineException.InvalidArgument(string.Join("; ", problems));
    }

    private static ContainerSpec Describe(ContainerCreateRequest request, string? name)
    {
        return new ContainerSpec
        {
            Name = string.IsNullOrEmpty(name) ? null : name.TrimStart('/'),
            Image = request.Image,
            Entrypoint = request.Entrypoint,
            Command = request.Cmd is { Count: > 0 } command ? command : null,
            Environment = request.Env ?? [],
            WorkingDirectory = NullIfEmpty(request.WorkingDir),
            User = NullIfEmpty(request.User),
            Hostname = NullIfEmpty(request.Hostname),
            Domainname = NullIfEmpty(request.Domainname),
            Labels = request.Labels ?? [],
            AttachStdin = request.AttachStdin,
            AttachStdout = request.AttachStdout,
            AttachStderr = request.AttachStderr,
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

    private static ContainerSpec DescribeHost(ContainerSpec spec, ContainerCreateRequest request, HostConfigModel host)
    {
        return spec with
        {
            Links = NetworkConnections.Links(host.Links, request.NetworkingConfig),
            IpcMode = host.IpcMode,
            PidMode = host.PidMode,
            UtsMode = host.UtsMode,
            CgroupnsMode = host.CgroupnsMode,
            UsernsMode = host.UsernsMode,
            CgroupParent = host.CgroupParent,
            Runtime = host.Runtime,
            Ulimits = HostResources.Ulimits(host.Ulimits),
            Devices = HostResources.Devices(host.Devices),
            DeviceRequests = HostResources.Requests(host.DeviceRequests),
            DeviceCgroupRules = host.DeviceCgroupRules ?? [],
            Sysctls = host.Sysctls ?? [],
            GroupAdd = host.GroupAdd ?? [],
            OomScoreAdj = host.OomScoreAdj,
            StorageOptions = host.StorageOpt ?? [],
            Annotations = host.Annotations ?? [],
            MacAddress = request.MacAddress ?? "",
            MaskedPaths = host.MaskedPaths,
            ReadonlyPaths = host.ReadonlyPaths,
            ConsoleRows = host.ConsoleSize is [var rows, _] ? rows : 0,
            ConsoleColumns = host.ConsoleSize is [_, var columns] ? columns : 0,
            ContainerIdFile = host.ContainerIDFile,
        };
    }

    private static string FindNetwork(ContainerCreateRequest request, HostConfigModel host)
    {
        return request.NetworkDisabled ? "none" : host.NetworkMode is "" or "default" ? "bridge" : host.NetworkMode;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
