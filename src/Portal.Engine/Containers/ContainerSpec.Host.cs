using Portal.Engine.Containers.Mounts;
using Portal.Engine.Runtime.Devices;
using Portal.Engine.Runtime.Limits;

namespace Portal.Engine.Containers;

/// <content>What ties a container to its host: namespaces, devices, limits of processes, other containers.</content>
public sealed partial record ContainerSpec
{
    /// <summary>What the client connects at a start, for <c>inspect</c>: standard input.</summary>
    public bool AttachStdin { get; init; }

    /// <summary>The same: standard output.</summary>
    public bool AttachStdout { get; init; } = true;

    /// <summary>The same: standard error.</summary>
    public bool AttachStderr { get; init; } = true;

    /// <summary>Mounts with all their settings (<c>--mount</c>), besides <see cref="Binds"/> and <see cref="Tmpfs"/>.</summary>
    public IReadOnlyList<MountSpec> Mounts { get; init; } = [];

    /// <summary>Containers whose binds and volumes this one has too: <c>NAME[:ro|rw]</c>.</summary>
    public IReadOnlyList<string> VolumesFrom { get; init; } = [];

    /// <summary>Containers that are found under a further name: <c>NAME:ALIAS</c>, in <c>/etc/hosts</c>.</summary>
    public IReadOnlyList<string> Links { get; init; } = [];

    /// <summary>
    /// Inter-process communication and <c>/dev/shm</c>: empty or <c>private</c>, <c>shareable</c>, <c>none</c>,
    /// <c>host</c>, <c>container:NAME</c>.
    /// </summary>
    public string IpcMode { get; init; } = "";

    /// <summary>Processes: empty or <c>private</c>, <c>host</c>, <c>container:NAME</c>.</summary>
    public string PidMode { get; init; } = "";

    /// <summary>Host name: empty for one of its own, or <c>host</c>.</summary>
    public string UtsMode { get; init; } = "";

    /// <summary>
    /// View of cgroups: <c>private</c>, <c>host</c>, or empty for private with cgroup version 2 and the host's with
    /// version 1.
    /// </summary>
    public string CgroupnsMode { get; init; } = "";

    /// <summary>Users: empty for the engine's way, or <c>host</c>.</summary>
    public string UsernsMode { get; init; } = "";

    /// <summary>The cgroup above the container's; empty for the instance's own.</summary>
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

    /// <summary>Further groups of the user, by name or number.</summary>
    public IReadOnlyList<string> GroupAdd { get; init; } = [];

    /// <summary>Added to the score by which the kernel chooses whom to kill, -1000 to 1000.</summary>
    public int OomScoreAdj { get; init; }

    /// <summary>Options of the root file system, such as <c>size</c>.</summary>
    public IReadOnlyDictionary<string, string> StorageOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Annotations for the OCI runtime.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>MAC address on the first network, as old clients give it; empty for none.</summary>
    public string MacAddress { get; init; } = "";

    /// <summary>Paths that can't be read; null for the standard ones.</summary>
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    /// <summary>Paths that can't be written; null for the standard ones.</summary>
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    /// <summary>Rows of the first terminal; 0 when not known.</summary>
    public int ConsoleRows { get; init; }

    /// <summary>Columns of the first terminal; 0 when not known.</summary>
    public int ConsoleColumns { get; init; }

    /// <summary>Where a client wrote the container's id, for <c>inspect</c>.</summary>
    public string ContainerIdFile { get; init; } = "";

    /// <summary>The driver of volumes that are made for it: empty or <c>local</c>.</summary>
    public string VolumeDriver { get; init; } = "";
}
