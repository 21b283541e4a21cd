using Portal.Engine.Api.Containers.Models;
using Portal.Engine.Api.Containers.Models.Host;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Devices;
using Portal.Engine.Runtime.Limits;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>Limits and devices between Docker's <c>HostConfig</c> and the engine, both ways.</summary>
internal static class HostResources
{
    public static RuntimeResources Limits(HostConfigModel host) => new()
    {
        Memory = host.Memory,
        MemorySwap = host.MemorySwap,
        MemoryReservation = host.MemoryReservation,
        MemorySwappiness = host.MemorySwappiness is -1 ? null : host.MemorySwappiness,
        KernelMemoryTcp = host.KernelMemoryTCP,
        OomKillDisable = host.OomKillDisable ?? false,
        NanoCpus = host.NanoCpus,
        CpuShares = host.CpuShares,
        CpuPeriod = host.CpuPeriod,
        CpuQuota = host.CpuQuota,
        CpuRealtimePeriod = host.CpuRealtimePeriod,
        CpuRealtimeRuntime = host.CpuRealtimeRuntime,
        CpusetCpus = host.CpusetCpus,
        CpusetMems = host.CpusetMems,
        PidsLimit = host.PidsLimit ?? 0,
        BlockIo = new BlockIoLimits
        {
            Weight = host.BlkioWeight,
            DeviceWeights = [.. (host.BlkioWeightDevice ?? []).Select(device => new DeviceWeight(device.Path, device.Weight))],
            ReadBps = Rates(host.BlkioDeviceReadBps),
            WriteBps = Rates(host.BlkioDeviceWriteBps),
            ReadIops = Rates(host.BlkioDeviceReadIOps),
            WriteIops = Rates(host.BlkioDeviceWriteIOps),
        },
    };

    public static IReadOnlyList<Ulimit> Ulimits(List<UlimitModel>? models) =>
        [.. (models ?? []).Select(model => new Ulimit(model.Name, model.Soft, model.Hard))];

    public static IReadOnlyList<DeviceMapping> Devices(List<DeviceModel>? models) =>
        [.. (models ?? []).Select(model => new DeviceMapping(model.PathOnHost, model.PathInContainer, model.CgroupPermissions))];

    public static IReadOnlyList<DeviceRequest> Requests(List<DeviceRequestModel>? models) =>
        [.. (models ?? []).Select(model => new DeviceRequest
        {
            Driver = model.Driver,
            Count = model.Count,
            DeviceIds = model.DeviceIds ?? [],
            Capabilities = [.. (model.Capabilities ?? []).Select(set => (IReadOnlyList<string>)(set ?? []))],
            Options = model.Options ?? [],
        })];

    /// <summary>Puts limits and devices into an answer.</summary>
    public static HostConfigModel Fill(HostConfigModel model, RuntimeResources limits)
    {
        var io = limits.BlockIo;
        return model with
        {
            CpuShares = limits.CpuShares,
            Memory = limits.Memory,
            NanoCpus = limits.NanoCpus,
            CpuPeriod = limits.CpuPeriod,
            CpuQuota = limits.CpuQuota,
            CpuRealtimePeriod = limits.CpuRealtimePeriod,
            CpuRealtimeRuntime = limits.CpuRealtimeRuntime,
            CpusetCpus = limits.CpusetCpus,
            CpusetMems = limits.CpusetMems,
            MemoryReservation = limits.MemoryReservation,
            MemorySwap = limits.MemorySwap,
            MemorySwappiness = limits.MemorySwappiness,
            KernelMemoryTCP = limits.KernelMemoryTcp,
            OomKillDisable = limits.OomKillDisable,
            PidsLimit = limits.PidsLimit == 0 ? null : limits.PidsLimit,
            BlkioWeight = io.Weight,
            BlkioWeightDevice = [.. io.DeviceWeights.Select(device => new WeightModel { Path = device.Path, Weight = device.Weight })],
            BlkioDeviceReadBps = Models(io.ReadBps),
            BlkioDeviceWriteBps = Models(io.WriteBps),
            BlkioDeviceReadIOps = Models(io.ReadIops),
            BlkioDeviceWriteIOps = Models(io.WriteIops),
        };
    }

    public static List<UlimitModel> Models(IReadOnlyList<Ulimit> ulimits) =>
        [.. ulimits.Select(ulimit => new UlimitModel { Name = ulimit.Name, Hard = ulimit.Hard, Soft = ulimit.Soft })];

    public static List<DeviceModel> Models(IReadOnlyList<DeviceMapping> devices) => [.. devices.Select(device => new DeviceModel
    {
        PathOnHost = device.PathOnHost,
        PathInContainer = device.PathInContainer,
        CgroupPermissions = device.Permissions,
    })];

    public static List<DeviceRequestModel>? Models(IReadOnlyList<DeviceRequest> requests) => requests.Count == 0 ? null :
        [.. requests.Select(request => new DeviceRequestModel
        {
            Driver = request.Driver,
            Count = request.Count,
            DeviceIds = request.DeviceIds.Count == 0 ? null : [.. request.DeviceIds],

            // The CLI gives CDI devices neither, and those of other drivers at least an empty map.
            Capabilities = request.Capabilities.Count == 0 ? null : [.. request.Capabilities.Select(set => set.ToList())],
            Options = request is { Driver: "cdi", Options.Count: 0 } ? null : new Dictionary<string, string>(request.Options),
        })];

    private static IReadOnlyList<DeviceRate> Rates(List<ThrottleModel>? models) =>
        [.. (models ?? []).Select(model => new DeviceRate(model.Path, model.Rate))];

    private static List<ThrottleModel> Models(IReadOnlyList<DeviceRate> rates) =>
        [.. rates.Select(rate => new ThrottleModel { Path = rate.Path, Rate = rate.Rate })];
}
