using Portal.Engine.Archives;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Volumes.Mounts;

namespace Portal.Engine.Hosting;

/// <summary>
/// Where one engine instance keeps its things. Two instances with different folders and names run side by side on one
/// machine; every cgroup, bridge, nftables table and socket that an instance makes carries its <see cref="Name"/>.
/// </summary>
public sealed record EngineOptions
{
    /// <summary>
    /// The instance's name, 1 to 8 characters of <c>[a-z0-9]</c>, short because Linux interface names hold 15
    /// (<c>IFNAMSIZ</c>, netdevice(7)). The cgroup parent is <c>/NAME</c>, the nftables table <c>inet NAME</c>, the default
    /// bridge <c>NAME0</c>.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>
    /// What must survive a reboot: blobs, layers, container state, logs, volumes. On a file system that overlayfs
    /// can use.
    /// </summary>
    public required string DataRoot { get; init; }

    /// <summary>What ends with a reboot: bundles, sockets, network namespaces, pid files. Usually on tmpfs.</summary>
    public required string RunRoot { get; init; }

    /// <summary>
    /// The OCI runtime to prefer (<c>runc</c>, <c>crun</c> or a path), or null to take the first that works on this
    /// host.
    /// </summary>
    public string? Runtime { get; init; }

    /// <summary>
    /// Restart containers that become unhealthy. The label <c>portal.restart-unhealthy</c> of a container,
    /// <c>true</c> or <c>false</c>, decides
    /// for that one.
    /// </summary>
    /// <value>The default is false, as in Docker: a container's health is only reported.</value>
    public bool RestartUnhealthy { get; init; }

    /// <summary>
    /// Further OCI runtimes that containers may ask for by name (<c>--runtime</c>): name to program, by file name or absolute path. runc
    /// and crun need not be named.
    /// </summary>
    public IReadOnlyDictionary<string, string> Runtimes { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Where specifications of the Container Device Interface are, the ones that count more last.
    /// </summary>
    /// <value>The default is <c>/etc/cdi</c>, then <c>/var/run/cdi</c>.</value>
    public IReadOnlyList<string> CdiFolders { get; init; } = ["/etc/cdi", "/var/run/cdi"];

    /// <summary>
    /// Whose subordinate ids (subuid(5)) stand for the ids in containers, as Docker's <c>userns-remap</c>: <c>default</c>, a user, or
    /// <c>USER:GROUP</c>, by name or number. Containers that ask for the host's ids (<c>--userns=host</c>) keep those.
    /// </summary>
    /// <value>Empty, the default, for no mapping.</value>
    public string UsernsRemap { get; init; } = "";

    /// <summary>Where <c>subuid</c>, <c>subgid</c>, <c>passwd</c> and <c>group</c> of the host are.</summary>
    /// <value>The default is <c>/etc</c>.</value>
    public string SubordinateIdFolder { get; init; } = "/etc";

    /// <summary>Registries that may be reached over plain HTTP besides loopback addresses: <c>host[:port]</c>, or a network
    /// (<c>10.0.0.0/8</c>) for those that are named by an address.</summary>
    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];

    /// <summary>How registries are reached: authorities, mirrors, proxies.</summary>
    public RegistryOptions Registries { get; init; } = new();

    /// <summary>What one layer, or one image archive that is loaded, may ask of this machine at most.</summary>
    /// <value>The default is that of <see cref="TarLimits"/>: 64 GiB and 4,000,000 entries.</value>
    public TarLimits LayerLimits { get; init; } = new();

    /// <summary>
    /// How long blobs and layers that no image needs are kept after they were written: what a pull or load left that was broken off, so
    /// that the next try goes on from there. A prune does not wait for it.
    /// </summary>
    /// <value>The default is one day.</value>
    public TimeSpan BrokenPullRetention { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Bytes of files that the cache of builds may hold; beyond that the longest unused go after each build. 0 for no limit.
    /// </summary>
    /// <value>The default is 20 GiB.</value>
    public long BuildCacheBytes { get; init; } = 20L << 30;

    /// <summary>
    /// Types of file systems that options of volumes may mount; <c>bind</c> for paths of the host. What is not named is refused.
    /// </summary>
    /// <value>The default has memory, host paths, NFS and the file systems of disks; none that are stacked, virtual or run by users.</value>
    public IReadOnlyList<string> VolumeTypes { get; init; } = LocalOptions.DefaultTypes;

    /// <summary>
    /// Absolute paths of the host that options of volumes (bind mounts and block devices) must be at or beneath, links resolved.
    /// </summary>
    /// <value>Null, the default, for any path, as for binds of containers; empty for none.</value>
    public IReadOnlyList<string>? VolumePaths { get; init; }
}
