using Portal.Engine.Runtime.Devices;
using Portal.Engine.Runtime.Limits;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Runtime;

/// <summary>
/// All that the runtime must know of a container; the runtime's part makes the OCI specification from it
/// (runtime-spec, <c>config.md</c>).
/// </summary>
public sealed record RuntimeContainer
{
    /// <summary>The container's full id.</summary>
    public required string Id { get; init; }

    /// <summary>The mounted root file system on the host.</summary>
    public required string RootPath { get; init; }

    /// <summary>The program and its arguments.</summary>
    public required RuntimeProcess Process { get; init; }

    /// <summary>Host name inside.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>NIS domain name inside; empty for none.</summary>
    public string Domainname { get; init; } = "";

    /// <summary>The ids of the host that stand for the container's; null when they are the same.</summary>
    public IdMapping? Ids { get; init; }

    /// <summary>Path of the user namespace that has <see cref="Ids"/>; null for the host's.</summary>
    public string? UserNamespacePath { get; init; }

    /// <summary>Path of the network namespace; null for the host's.</summary>
    public string? NetworkNamespacePath { get; init; }

    /// <summary>
    /// Ends when the namespace is there, and fails when it can't be made: all else is prepared meanwhile. Nothing is made in the kernel before.
    /// </summary>
    public Task Ready { get; init; } = Task.CompletedTask;

    /// <summary>
    /// Mounts besides the standard ones (<c>/proc</c>, <c>/dev</c>, <c>/sys</c>, <c>/dev/shm</c>, <c>/dev/mqueue</c>,
    /// cgroup).
    /// </summary>
    public IReadOnlyList<RuntimeMount> Mounts { get; init; } = [];

    /// <summary>True when the root file system is mounted read-only.</summary>
    public bool ReadOnlyRoot { get; init; }

    /// <summary>True for all capabilities, all devices, no seccomp, nothing masked.</summary>
    public bool Privileged { get; init; }

    /// <summary>Capabilities beyond Docker's default set, as <c>NET_ADMIN</c> or <c>CAP_NET_ADMIN</c>; <c>ALL</c> for all.</summary>
    public IReadOnlyList<string> CapabilitiesToAdd { get; init; } = [];

    /// <summary>Capabilities taken from Docker's default set; <c>ALL</c> for all.</summary>
    public IReadOnlyList<string> CapabilitiesToDrop { get; init; } = [];

    /// <summary>Docker's security options: <c>seccomp=unconfined</c>, <c>no-new-privileges</c>, ...</summary>
    public IReadOnlyList<string> SecurityOptions { get; init; } = [];

    /// <summary>Limits.</summary>
    public RuntimeResources Resources { get; init; } = new();

    /// <summary>Size of <c>/dev/shm</c> in bytes.</summary>
    public long ShmSize { get; init; } = 64 * 1024 * 1024;

    /// <summary>Run an init (tini) as process 1 that reaps zombies and forwards signals.</summary>
    public bool Init { get; init; }

    /// <summary>Where the monitor writes the log (the k8s-file format of conmon). Its folder exists. Empty for no log.</summary>
    public required string LogPath { get; init; }

    /// <summary>Keep standard input open for clients that attach.</summary>
    public bool OpenStdin { get; init; }

    /// <summary>Close standard input when the first client that attached goes.</summary>
    public bool StdinOnce { get; init; }

    /// <summary>Inter-process communication and <c>/dev/shm</c>.</summary>
    public NamespaceMode Ipc { get; init; }

    /// <summary>Processes: its own, the host's or another container's.</summary>
    public NamespaceMode Pid { get; init; }

    /// <summary>Host name: its own or the host's.</summary>
    public NamespaceMode Uts { get; init; }

    /// <summary>View of cgroups: its own, the host's, or null for what suits the version.</summary>
    public NamespaceMode? Cgroup { get; init; }

    /// <summary>The cgroup above the container's, an absolute path; empty for the instance's own.</summary>
    public string CgroupParent { get; init; } = "";

    /// <summary>The OCI runtime by name; empty for the engine's choice.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>Limits of its processes.</summary>
    public IReadOnlyList<Ulimit> Ulimits { get; init; } = [];

    /// <summary>Devices of the host.</summary>
    public IReadOnlyList<DeviceMapping> Devices { get; init; } = [];

    /// <summary>Devices that drivers hand out.</summary>
    public IReadOnlyList<DeviceRequest> DeviceRequests { get; init; } = [];

    /// <summary>Rules of device access, <c>c 1:3 rwm</c>, besides the standard ones.</summary>
    public IReadOnlyList<string> DeviceCgroupRules { get; init; } = [];

    /// <summary>Kernel parameters of the container's own namespaces.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    /// <summary>Further groups of the user and of those of its execs, by name or number.</summary>
    public IReadOnlyList<string> GroupAdd { get; init; } = [];

    /// <summary>Added to the score by which the kernel chooses whom to kill; 0 for the engine's own.</summary>
    public int OomScoreAdj { get; init; }

    /// <summary>Paths that can't be read; null for the standard ones.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Paths that can't be written; null for the standard ones.</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    /// <summary>Annotations for the specification.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
