using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Api.Containers.Models.Health;
using Portal.Engine.Api.Containers.Models.Mounts;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>Containers in the shapes of Docker's list and inspect.</summary>
internal static class ContainerViews
{
    private const long DefaultShmSize = 64 * 1024 * 1024;

    public static ContainerSummaryModel Summary(ContainerInfo container, DateTimeOffset now, RootUsage? size = null)
    {
        return new ContainerSummaryModel
        {
            Id = container.Id,
            Names = [$"/{container.Name}"],
            Image = container.Spec.Image,
            ImageID = container.ImageId,
            Command = Command(container.Arguments),
            Created = container.Created.ToUnixTimeSeconds(),
            Ports = PortMaps.Summaries(container),
            SizeRw = size?.WritableBytes ?? 0,
            SizeRootFs = size?.TotalBytes ?? 0,
            Labels = new Dictionary<string, string>(container.Spec.Labels),
            State = ContainerStates.Word(container.State),
            Status = ContainerStates.Sentence(container, now),
            HostConfig = new SummaryHostConfig(container.Spec.NetworkMode, Null(container.Spec.Annotations)),
            NetworkSettings = new SummaryNetworks(NetworkViews.Endpoints(container)),
            Mounts = Mounts(container),
        };
    }

    public static ContainerInspectModel Inspect(
        ContainerInfo container,
        RootUsage? size = null,
        IReadOnlyList<string>? execs = null,
        IReadOnlyDictionary<string, string>? folders = null)
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
            ResolvConfPath = container.ResolvConfPath,
            HostnamePath = container.HostnamePath,
            AppArmorProfile = container.AppArmorProfile,
            HostsPath = container.HostsPath,
            ExecIDs = execs is { Count: > 0 } ? [.. execs] : null,
            GraphDriver = new GraphDriverModel { Data = folders is null ? [] : new(folders) },
            HostConfig = HostConfig(container),
            SizeRw = size?.WritableBytes,
            SizeRootFs = size?.TotalBytes,
            Mounts = Mounts(container),
            Config = Config(container),
            NetworkSettings = NetworkViews.Settings(container),
        };
    }

    /// <summary>As Docker writes it: the program, and words that hold a space in quotes.</summary>
    private static string Command(IReadOnlyList<string> arguments)
    {
        return string.Join(
            ' ', arguments.Select((word, index) => index > 0 && word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word));
    }

    private static ContainerConfigModel Config(ContainerInfo container)
    {
        var spec = container.Spec;
        return new ContainerConfigModel
        {
            Hostname = spec.Hostname ?? container.Id[..12],
            Domainname = spec.Domainname ?? "",
            User = spec.User ?? "",
            AttachStdin = spec.AttachStdin,
            AttachStdout = spec.AttachStdout,
            AttachStderr = spec.AttachStderr,
            ExposedPorts = spec.ExposedPorts.Count == 0 ? null : EmptyObject.SetOf(spec.ExposedPorts),
            Tty = spec.Tty,
            OpenStdin = spec.OpenStdin,
            StdinOnce = spec.StdinOnce,
            Env = [.. spec.Environment],
            Cmd = spec.Command is null or [] ? null : [.. spec.Command],
            Image = spec.Image,
            MacAddress = spec.MacAddress.Length == 0 ? null : spec.MacAddress,
            WorkingDir = spec.WorkingDirectory ?? "",
            Entrypoint = spec.Entrypoint is null or [] ? null : [.. spec.Entrypoint],
            Volumes = spec.Volumes.Count == 0 ? null : EmptyObject.SetOf(spec.Volumes),
            Labels = new Dictionary<string, string>(spec.Labels),
            StopSignal = string.IsNullOrEmpty(spec.StopSignal) ? null : spec.StopSignal,
            StopTimeout = spec.StopTimeout,
            Healthcheck = HealthcheckModel.From(spec.Healthcheck),
            Shell = spec.Shell is { Count: > 0 } shell ? [.. shell] : null,
        };
    }

    private static HostConfigModel HostConfig(ContainerInfo container)
    {
        var spec = container.Spec;
        var model = new HostConfigModel
        {
            Binds = Null(spec.Binds),
            ContainerIDFile = spec.ContainerIdFile,
            LogConfig = LogRotations.Model(spec),
            NetworkMode = spec.NetworkMode,
            PortBindings = PortMaps.Requested(spec),
            RestartPolicy = RestartPolicies.Model(spec.RestartPolicy),
            AutoRemove = spec.AutoRemove,
            VolumeDriver = spec.VolumeDriver,
            VolumesFrom = Null(spec.VolumesFrom),
            ConsoleSize = [spec.ConsoleRows, spec.ConsoleColumns],
            Annotations = Null(spec.Annotations),
            CapAdd = Null(spec.CapabilitiesToAdd),
            CapDrop = Null(spec.CapabilitiesToDrop),
            CgroupnsMode = spec.CgroupnsMode,
            Dns = [.. spec.Dns],
            DnsOptions = [.. spec.DnsOptions],
            DnsSearch = [.. spec.DnsSearch],
            ExtraHosts = Null(spec.ExtraHosts),
            GroupAdd = Null(spec.GroupAdd),
            IpcMode = spec.IpcMode.Length == 0 ? "private" : spec.IpcMode,
            Links = spec.Links.Count == 0 ? null : [.. spec.Links.Select(link => Link(link, container.Name))],
            OomScoreAdj = spec.OomScoreAdj,
            PidMode = spec.PidMode,
            Privileged = spec.Privileged,
            PublishAllPorts = spec.PublishAllPorts,
            ReadonlyRootfs = spec.ReadOnlyRoot,
            SecurityOpt = Null(spec.SecurityOptions),
            StorageOpt = Null(spec.StorageOptions),
            Tmpfs = Null(spec.Tmpfs),
            UtsMode = spec.UtsMode,
            UsernsMode = spec.UsernsMode,
            ShmSize = spec.ShmSize == 0 ? DefaultShmSize : spec.ShmSize,
            Sysctls = Null(spec.Sysctls),
            Runtime = spec.Runtime.Length == 0 ? "runc" : spec.Runtime,
            CgroupParent = spec.CgroupParent,
            Devices = HostResources.Models(spec.Devices),
            DeviceCgroupRules = Null(spec.DeviceCgroupRules),
            DeviceRequests = HostResources.Models(spec.DeviceRequests),
            Ulimits = HostResources.Models(spec.Ulimits),
            Mounts = MountRequests.Models(spec.Mounts),
            MaskedPaths = spec.MaskedPaths?.ToList(),
            ReadonlyPaths = spec.ReadonlyPaths?.ToList(),
            Init = spec.Init ? true : null,
        };
        return HostResources.Fill(model, spec.Resources);
    }

    private static List<string>? Null(IReadOnlyList<string> list) => list.Count == 0 ? null : [.. list];

    private static Dictionary<string, string>? Null(IReadOnlyDictionary<string, string> map) => map.Count == 0 ? null : new(map);

    private static string Link(string text, string owner)
    {
        var parts = text.TrimStart('/').Split(':');
        return $"/{parts[0]}:/{owner}/{parts[^1][(parts[^1].LastIndexOf('/') + 1)..]}";
    }

    // What --tmpfs asks for is told in HostConfig alone, as Docker does.
    private static List<MountPoint> Mounts(ContainerInfo container)
    {
        var scratch = container.Spec.Tmpfs.Keys.Select(path => path.TrimEnd('/')).ToHashSet(StringComparer.Ordinal);
        return [.. container.Mounts.Where(mount => mount.Type != "tmpfs" || !scratch.Contains(mount.Destination)).Select(Mount)];
    }

    private static MountPoint Mount(ContainerMount mount)
    {
        return new MountPoint
        {
            Type = mount.Type,
            Name = mount.Type == "volume" ? mount.Name : null,
            Source = mount.Source,
            Destination = mount.Destination,
            Driver = mount.Type == "volume" ? "local" : null,
            Mode = mount.Type == "tmpfs" ? "" : mount.Options,
            RW = mount.Writable,
            Propagation = mount.Type == "bind" ? mount.Propagation : "",
        };
    }
}
