using Portal.Contracts.Containers.V1;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Mounts;
using EngineDevice = Portal.Engine.Runtime.Devices.DeviceMapping;
using EngineDeviceRequest = Portal.Engine.Runtime.Devices.DeviceRequest;
using EngineUlimit = Portal.Engine.Runtime.Limits.Ulimit;

namespace Portal.Agent.Services.Creation;

/// <summary>What ties a container to its host, from the contract's types to the engine's. The engine checks all of it.</summary>
internal static class HostMapping
{
    public static ContainerSpec Complete(ContainerSpec spec, CreateContainerRequest request) => spec with
    {
        CapabilitiesToAdd = [.. request.CapabilitiesToAdd],
        CapabilitiesToDrop = [.. request.CapabilitiesToDrop],
        SecurityOptions = [.. request.SecurityOptions],
        ReadOnlyRoot = request.ReadOnlyRoot,
        Init = request.Init,
        ShmSize = request.ShmSizeBytes,
        Ulimits = [.. request.Ulimits.Select(ulimit => new EngineUlimit(ulimit.Name, ulimit.Soft, ulimit.Hard))],
        Devices = [.. request.Devices.Select(device => new EngineDevice(device.PathOnHost, device.PathInContainer, device.Permissions))],
        DeviceRequests = [.. ToRequests(request)],
        Sysctls = new Dictionary<string, string>(request.Sysctls),
        PidMode = request.PidMode,
        IpcMode = request.IpcMode,
        UtsMode = request.UtsMode,
        Domainname = request.Domainname.Length == 0 ? null : request.Domainname,
        Dns = [.. request.Dns],
        DnsSearch = [.. request.DnsSearch],
        DnsOptions = [.. request.DnsOptions],
        ExtraHosts = [.. request.ExtraHosts],
        Mounts = [.. request.Mounts.Select(ToMount)],
        StopSignal = request.StopSignal.Length == 0 ? null : request.StopSignal,
        StopTimeout = request.HasStopTimeoutSeconds ? request.StopTimeoutSeconds : null,
        GroupAdd = [.. request.GroupAdd],
        Runtime = request.Runtime,
        UsernsMode = request.UsernsMode,
    };

    private static IEnumerable<EngineDeviceRequest> ToRequests(CreateContainerRequest request)
    {
        if (request.Gpus != 0)
        {
            yield return new EngineDeviceRequest { Count = request.Gpus, Capabilities = [["gpu"]] };
        }

        if (request.CdiDevices.Count > 0)
        {
            yield return new EngineDeviceRequest { Driver = "cdi", DeviceIds = [.. request.CdiDevices] };
        }
    }

    private static MountSpec ToMount(Mount mount) => new()
    {
        Type = mount.Type,
        Source = mount.Source,
        Target = mount.Target,
        ReadOnly = mount.ReadOnly,
        Tmpfs = mount.Type == "tmpfs" && mount.SizeBytes != 0 ? new MountTmpfsSpec(mount.SizeBytes, 0, []) : null,
    };
}
