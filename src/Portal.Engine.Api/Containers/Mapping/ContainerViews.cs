using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Api.Containers.Models.Health;
using Portal.Engine.Api.Containers.Models.Mounts;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>Containers in the shapes of Docker's list and inspect.</summary>
internal static class ContainerViews
{
    private const long DefaultShmSize = 64 * 1024 * 1024;

    public static ContainerSummaryModel Summary(ContainerInfo container, DateTimeOffset now)
    {
        return new ContainerSummaryModel
        {
            Id = container.Id,
            Names = [$"/{container.Name}"],
            Image = container.Spec.Image,
            ImageID = container.ImageId,
            Command = string.Join(' ', container.Arguments),
            Created = container.Created.ToUnixTimeSeconds(),
            Ports = PortMaps.Summaries(container),
            Labels = new Dictionary<string, string>(container.Spec.Labels),
            State = ContainerStates.Word(container.State),
            Status = ContainerStates.Sentence(container, now),
            HostConfig = new SummaryHostConfig(container.Spec.NetworkMode),
            NetworkSettings = new SummaryNetworks(NetworkViews.Endpoints(container)),
            Mounts = container.Mounts.Select(Mount).ToList(),
        };
    }

    public static ContainerInspectModel Inspect(ContainerInfo container)
    {
        return new ContainerInspectModel
        {
            Id = container.Id,
            Created = GoTime.Format(container.Created),
            Path = container.Arguments is [var program, ..] ? program : "",
            Args = container.Arguments.Skip(1).ToList(),
            State = ContainerStates.Model(container),
            Image = container.ImageId,
            LogPath = container.LogPath,
            Name = $"/{container.Name}",
            RestartCount = container.RestartCount,
            HostConfig = HostConfig(container.Spec),
            Mounts = container.Mounts.Select(Mount).ToList(),
            Config = Config(container),
            NetworkSettings = NetworkViews.Settings(container),
        };
    }

    private static ContainerConfigModel Config(ContainerInfo container)
    {
        var spec = container.Spec;
        return new ContainerConfigModel
        {
            Hostname = spec.Hostname ?? container.Id[..12],
            Domainname = spec.Domainname ?? "",
            User = spec.User ?? "",
            AttachStdin = spec.StdinOnce,
            AttachStdout = true,
            AttachStderr = true,
            ExposedPorts = spec.ExposedPorts.Count == 0 ? null : EmptyObject.SetOf(spec.ExposedPorts),
            Tty = spec.Tty,
            OpenStdin = spec.OpenStdin,
            StdinOnce = spec.StdinOnce,
            Env = [.. spec.Environment],
            Cmd = spec.Command is null ? null : [.. spec.Command],
            Image = spec.Image,
            WorkingDir = spec.WorkingDirectory ?? "",
            Entrypoint = spec.Entrypoint is null ? null : [.. spec.Entrypoint],
            Volumes = spec.Volumes.Count == 0 ? null : EmptyObject.SetOf(spec.Volumes),
            Labels = new Dictionary<string, string>(spec.Labels),
            StopSignal = spec.StopSignal,
            StopTimeout = spec.StopTimeout,
            Healthcheck = HealthcheckModel.From(spec.Healthcheck),
            Shell = spec.Shell is { Count: > 0 } shell ? [.. shell] : null,
        };
    }

    private static HostConfigModel HostConfig(ContainerSpec spec)
    {
        return new HostConfigModel
        {
            Binds = spec.Binds.Count == 0 ? null : [.. spec.Binds],
            LogConfig = LogRotations.Model(spec),
            NetworkMode = spec.NetworkMode,
            PortBindings = PortMaps.Requested(spec),
            RestartPolicy = RestartPolicies.Model(spec.RestartPolicy),
            AutoRemove = spec.AutoRemove,
            CapAdd = spec.CapabilitiesToAdd.Count == 0 ? null : [.. spec.CapabilitiesToAdd],
            CapDrop = spec.CapabilitiesToDrop.Count == 0 ? null : [.. spec.CapabilitiesToDrop],
            CgroupnsMode = "private",
            Dns = [.. spec.Dns],
            DnsOptions = [.. spec.DnsOptions],
            DnsSearch = [.. spec.DnsSearch],
            ExtraHosts = spec.ExtraHosts.Count == 0 ? null : [.. spec.ExtraHosts],
            IpcMode = "private",
            Privileged = spec.Privileged,
            PublishAllPorts = spec.PublishAllPorts,
            ReadonlyRootfs = spec.ReadOnlyRoot,
            SecurityOpt = spec.SecurityOptions.Count == 0 ? null : [.. spec.SecurityOptions],
            Tmpfs = spec.Tmpfs.Count == 0 ? null : new Dictionary<string, string>(spec.Tmpfs),
            ShmSize = spec.ShmSize == 0 ? DefaultShmSize : spec.ShmSize,
            Runtime = "runc",
            CpuShares = spec.Resources.CpuShares,
            Memory = spec.Resources.Memory,
            NanoCpus = spec.Resources.NanoCpus,
            CpusetCpus = spec.Resources.CpusetCpus,
            MemoryReservation = spec.Resources.MemoryReservation,
            MemorySwap = spec.Resources.MemorySwap,
            PidsLimit = spec.Resources.PidsLimit == 0 ? null : spec.Resources.PidsLimit,
            Init = spec.Init ? true : null,
        };
    }

    private static MountPoint Mount(ContainerMount mount)
    {
        var options = mount.Options.Split(',');
        var propagation = Array.Find(options, option => option.TrimStart('r') is "private" or "shared" or "slave") ?? "rprivate";
        return new MountPoint
        {
            Type = mount.Type,
            Name = mount.Type == "volume" ? mount.Name : null,
            Source = mount.Source,
            Destination = mount.Destination,
            Driver = mount.Type == "volume" ? "local" : null,
            Mode = mount.Type == "tmpfs" ? "" : mount.Options,
            RW = mount.Writable,
            Propagation = mount.Type == "bind" ? propagation : "",
        };
    }
}
