namespace Portal.Contracts.Hubs;

/// <summary>A machine and its engine; the same as the gRPC message <c>portal.system.v1.NodeInfo</c>.</summary>
public sealed record NodeFacts
{
    /// <summary>Host name.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>Such as <c>Debian GNU/Linux 12 (bookworm)</c>.</summary>
    public string OperatingSystem { get; init; } = "";

    /// <summary>Kernel release.</summary>
    public string KernelVersion { get; init; } = "";

    /// <summary>In Go's words: <c>amd64</c>.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>Processors.</summary>
    public int Cpus { get; init; }

    /// <summary>Memory in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>The agent's version.</summary>
    public string AgentVersion { get; init; } = "";

    /// <summary>What the agent was built from, such as <c>0.1.0+3fa9c1d2e4b5a697</c>; empty when nothing says so.</summary>
    public string AgentBuild { get; init; } = "";

    /// <summary>Why the portal can't bring this agent another version, for people; empty when it can, null from an agent that does not tell.</summary>
    public string? UpgradeObstacle { get; init; }

    /// <summary>How the last upgrade that the portal asked for ended; null when there was none.</summary>
    public AgentUpgradeEnd? LastUpgrade { get; init; }

    /// <summary><c>runc</c> or <c>crun</c>, and its version.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>conmon's version.</summary>
    public string MonitorVersion { get; init; } = "";

    /// <summary><c>1</c> or <c>2</c>.</summary>
    public string CgroupVersion { get; init; } = "";

    /// <summary>What layers are mounted with, such as <c>overlayfs</c>; empty from an agent that does not tell.</summary>
    public string StorageDriver { get; init; } = "";

    /// <summary>The engine's instance name.</summary>
    public string InstanceName { get; init; } = "";

    /// <summary>Path of the Docker socket on the node.</summary>
    public string DockerSocket { get; init; } = "";

    /// <summary>True when a first image can be made of the host's own busybox.</summary>
    public bool HasBusybox { get; init; }

    /// <summary>
    /// True when containers have user ids of their own unless they ask for the host's; null from an agent that does not tell.
    /// </summary>
    public bool? RemapsUsers { get; init; }

    /// <summary>What on the machine keeps containers from working as they should, and what helps.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>When the agent was started; null from one that does not tell.</summary>
    public DateTimeOffset? AgentStartedAt { get; init; }

    /// <summary>When the host was booted.</summary>
    public DateTimeOffset? BootedAt { get; init; }
}
