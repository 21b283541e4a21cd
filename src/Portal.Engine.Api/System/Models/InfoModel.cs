using System.Text.Json.Serialization;

namespace Portal.Engine.Api.System.Models;

/// <summary>The answer of <c>GET /info</c>.</summary>
internal sealed record InfoModel
{
    public required string ID { get; init; }

    public int Containers { get; init; }

    public int ContainersRunning { get; init; }

    public int ContainersPaused { get; init; }

    public int ContainersStopped { get; init; }

    public int Images { get; init; }

    public required string Driver { get; init; }

    public List<List<string>> DriverStatus { get; init; } = [];

    public PluginsModel Plugins { get; init; } = new();

    public bool MemoryLimit { get; init; } = true;

    public bool SwapLimit { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool KernelMemoryTCP { get; init; }

    public bool CpuCfsPeriod { get; init; } = true;

    public bool CpuCfsQuota { get; init; } = true;

    public bool CPUShares { get; init; } = true;

    public bool CPUSet { get; init; } = true;

    public bool PidsLimit { get; init; } = true;

    public bool IPv4Forwarding { get; init; }

    public bool BridgeNfIptables { get; init; }

    public bool BridgeNfIp6tables { get; init; }

    public bool Debug { get; init; }

    public int NFd { get; init; }

    public bool OomKillDisable { get; init; }

    public int NGoroutines { get; init; }

    public required string SystemTime { get; init; }

    public string LoggingDriver { get; init; } = "json-file";

    public required string CgroupDriver { get; init; }

    public required string CgroupVersion { get; init; }

    public int NEventsListener { get; init; }

    public required string KernelVersion { get; init; }

    public required string OperatingSystem { get; init; }

    public required string OSVersion { get; init; }

    public string OSType { get; init; } = "linux";

    public required string Architecture { get; init; }

    public string IndexServerAddress { get; init; } = "https://index.docker.io/v1/";

    public required RegistryConfigModel RegistryConfig { get; init; }

    public required int NCPU { get; init; }

    public required long MemTotal { get; init; }

    public List<string>? GenericResources { get; init; }

    public required string DockerRootDir { get; init; }

    public string HttpProxy { get; init; } = "";

    public string HttpsProxy { get; init; } = "";

    public string NoProxy { get; init; } = "";

    public required string Name { get; init; }

    public List<string> Labels { get; init; } = [];

    public bool ExperimentalBuild { get; init; }

    public required string ServerVersion { get; init; }

    public required Dictionary<string, RuntimeModel> Runtimes { get; init; }

    public required string DefaultRuntime { get; init; }

    public SwarmModel Swarm { get; init; } = new();

    public bool LiveRestoreEnabled { get; init; } = true;

    public string Isolation { get; init; } = "";

    public string InitBinary { get; init; } = "";

    public CommitModel ContainerdCommit { get; init; } = new("");

    public required CommitModel RuncCommit { get; init; }

    public CommitModel InitCommit { get; init; } = new("");

    public required List<string> SecurityOptions { get; init; }

    public List<string>? Warnings { get; init; }

    [JsonPropertyName("CDISpecDirs")]
    public List<string> CdiFolders { get; init; } = [];
}
