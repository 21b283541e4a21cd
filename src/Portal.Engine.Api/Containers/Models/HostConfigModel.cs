using System.Text.Json.Serialization;
using Portal.Engine.Api.Containers.Models.Host;
using Portal.Engine.Api.Containers.Models.Mounts;

namespace Portal.Engine.Api.Containers.Models;

/// <summary>
/// Docker's <c>HostConfig</c>: what depends on the host. Fields that this engine can't honour are here too, so that asking for them
/// is noticed instead of dropped.
/// </summary>
internal sealed record HostConfigModel
{
    public List<string>? Binds { get; set; }

    public string ContainerIDFile { get; set; } = "";

    public LogConfigModel? LogConfig { get; set; }

    public string NetworkMode { get; set; } = "";

    public Dictionary<string, List<PortMapping>?>? PortBindings { get; set; }

    public RestartPolicyModel? RestartPolicy { get; set; }

    public bool AutoRemove { get; set; }

    public string VolumeDriver { get; set; } = "";

    public List<string>? VolumesFrom { get; set; }

    public int[] ConsoleSize { get; set; } = [0, 0];

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, string>? Annotations { get; set; }

    public List<string>? CapAdd { get; set; }

    public List<string>? CapDrop { get; set; }

    public string CgroupnsMode { get; set; } = "";

    public List<string>? Dns { get; set; }

    public List<string>? DnsOptions { get; set; }

    public List<string>? DnsSearch { get; set; }

    public List<string>? ExtraHosts { get; set; }

    public List<string>? GroupAdd { get; set; }

    public string IpcMode { get; set; } = "";

    public string Cgroup { get; set; } = "";

    public List<string>? Links { get; set; }

    public int OomScoreAdj { get; set; }

    public string PidMode { get; set; } = "";

    public bool Privileged { get; set; }

    public bool PublishAllPorts { get; set; }

    public bool ReadonlyRootfs { get; set; }

    public List<string>? SecurityOpt { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, string>? StorageOpt { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, string>? Tmpfs { get; set; }

    [JsonPropertyName("UTSMode")]
    public string UtsMode { get; set; } = "";

    public string UsernsMode { get; set; } = "";

    public long ShmSize { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, string>? Sysctls { get; set; }

    public string Runtime { get; set; } = "";

    public string Isolation { get; set; } = "";

    public long CpuShares { get; set; }

    public long Memory { get; set; }

    public long NanoCpus { get; set; }

    public string CgroupParent { get; set; } = "";

    public int BlkioWeight { get; set; }

    public List<WeightModel>? BlkioWeightDevice { get; set; }

    public List<ThrottleModel>? BlkioDeviceReadBps { get; set; }

    public List<ThrottleModel>? BlkioDeviceWriteBps { get; set; }

    public List<ThrottleModel>? BlkioDeviceReadIOps { get; set; }

    public List<ThrottleModel>? BlkioDeviceWriteIOps { get; set; }

    public long CpuPeriod { get; set; }

    public long CpuQuota { get; set; }

    public long CpuRealtimePeriod { get; set; }

    public long CpuRealtimeRuntime { get; set; }

    public string CpusetCpus { get; set; } = "";

    public string CpusetMems { get; set; } = "";

    public List<DeviceModel>? Devices { get; set; }

    public List<string>? DeviceCgroupRules { get; set; }

    public List<DeviceRequestModel>? DeviceRequests { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long KernelMemory { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long KernelMemoryTCP { get; set; }

    public long MemoryReservation { get; set; }

    public long MemorySwap { get; set; }

    public long? MemorySwappiness { get; set; }

    public bool? OomKillDisable { get; set; }

    public long? PidsLimit { get; set; }

    public List<UlimitModel>? Ulimits { get; set; }

    public long CpuCount { get; set; }

    public long CpuPercent { get; set; }

    public long IOMaximumIOps { get; set; }

    public long IOMaximumBandwidth { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<MountRequest>? Mounts { get; set; }

    public List<string>? MaskedPaths { get; set; }

    public List<string>? ReadonlyPaths { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Init { get; set; }
}
