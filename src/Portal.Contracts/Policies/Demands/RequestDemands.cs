using Portal.Contracts.Builds.V1;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Networks.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Volumes.V1;

namespace Portal.Contracts.Policies.Demands;

/// <summary>What requests over the link ask for that policies rule on.</summary>
public static class RequestDemands
{
    /// <summary>Of any request; nothing for those that policies do not rule on.</summary>
    public static IReadOnlyList<PolicyDemand> Of(object? request) => request switch
    {
        CreateContainerRequest create => [.. Container(create)],
        UpdateContainerRequest { MemoryBytes: not 0 } update => [PolicyDemands.Memory(update.MemoryBytes, "memory")],
        CreateVolumeRequest create => [.. PolicyDemands.Volume(create.Options, "options")],
        CreateNetworkRequest create when HostAccess.NeededBy(create).Count > 0 =>
            [PolicyDemands.Other($"the driver {create.Driver} or its options".Replace("  ", " ", StringComparison.Ordinal), "network")],
        PullImageRequest pull => [.. PolicyDemands.Image(pull.Image, "image")],
        BuildImageRequest { Options: { } options } =>
            [.. options.CacheFrom.SelectMany(image => PolicyDemands.Image(image, "cache from")), PolicyDemands.Bases("build")],
        _ => [],
    };

    private static IEnumerable<PolicyDemand> Container(CreateContainerRequest request) =>
    [
        .. PolicyDemands.Image(request.Image, "image"),
        .. request.Binds.SelectMany(bind => PolicyDemands.Bind(bind, "binds")),
        .. request.Mounts.Where(mount => mount.Type is not ("volume" or "tmpfs"))
            .Select(mount => PolicyDemands.HostPath(mount.Source, !mount.ReadOnly, "mounts")),
        .. request.Privileged ? PolicyDemands.Privileged("privileged") : [],
        .. PolicyDemands.Namespace("network", request.NetworkMode, "network mode"),
        .. PolicyDemands.Namespace("pid", request.PidMode, "PID mode"),
        .. PolicyDemands.Namespace("ipc", request.IpcMode, "IPC mode"),
        .. PolicyDemands.Namespace("uts", request.UtsMode, "UTS mode"),
        .. PolicyDemands.Namespace("user", request.UsernsMode, "user namespace"),
        .. request.Devices.Select(device => PolicyDemands.Device(device.PathOnHost, "devices")),
        .. request.CdiDevices.Select(device => PolicyDemands.Device(device, "devices")),
        .. request.Gpus != 0 ? [PolicyDemands.Device("gpu", "GPUs")] : Array.Empty<PolicyDemand>(),
        .. PolicyDemands.Capabilities(request.CapabilitiesToAdd, "capabilities"),
        .. request.Runtime.Length > 0 ? [PolicyDemands.Other(request.Runtime, "runtime")] : Array.Empty<PolicyDemand>(),
        .. request.SecurityOptions.Where(option => !HostAccess.IsHarmlessOption(option))
            .Select(option => PolicyDemands.Other(option, "security options")),
        PolicyDemands.Memory(request.Resources?.MemoryBytes ?? 0, "memory"),
    ];
}
