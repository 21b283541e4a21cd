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

    /// <summary>Path of the network namespace; null for the host's.</summary>
    public string? NetworkNamespacePath { get; init; }

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

    /// <summary>Annotations for the specification.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
