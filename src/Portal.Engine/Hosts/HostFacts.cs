namespace Portal.Engine.Hosts;

/// <summary>Facts of a host.</summary>
public sealed record HostFacts
{
    /// <summary>The host's name (uname(2), <c>nodename</c>).</summary>
    public required string Hostname { get; init; }

    /// <summary>An id that stays over reboots (machine-id(5)); empty when the host has none.</summary>
    public string MachineId { get; init; } = "";

    /// <summary>The distribution, such as <c>Debian GNU/Linux 12 (bookworm)</c> (os-release(5), <c>PRETTY_NAME</c>).</summary>
    public string OperatingSystem { get; init; } = "Linux";

    /// <summary>Its version, such as <c>12</c> (<c>VERSION_ID</c>); empty when it has none.</summary>
    public string OperatingSystemVersion { get; init; } = "";

    /// <summary>Docker's word for the kind of system: <c>linux</c>.</summary>
    public string OperatingSystemType { get; init; } = "linux";

    /// <summary>The kernel's release, such as <c>6.1.0-18-amd64</c>.</summary>
    public string KernelVersion { get; init; } = "";

    /// <summary>The machine's architecture in the kernel's words, such as <c>x86_64</c> or <c>aarch64</c>.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>The same in the words of image platforms, such as <c>amd64</c> or <c>arm64</c>.</summary>
    public string PlatformArchitecture { get; init; } = "";

    /// <summary>Processors online.</summary>
    public int Cpus { get; init; }

    /// <summary>Memory in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary><c>1</c> or <c>2</c>.</summary>
    public string CgroupVersion { get; init; } = "";

    /// <summary>Who makes cgroups: <c>cgroupfs</c>.</summary>
    public string CgroupDriver { get; init; } = "cgroupfs";

    /// <summary>How layers are stacked: <c>overlay2</c>, Docker's name for it.</summary>
    public string StorageDriver { get; init; } = "overlay2";

    /// <summary>Name of the OCI runtime in use, <c>runc</c> or <c>crun</c>; empty when none works here.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>Its version.</summary>
    public string RuntimeVersion { get; init; } = "";

    /// <summary>The version of the processes' monitor, conmon.</summary>
    public string MonitorVersion { get; init; } = "";

    /// <summary>When the host was booted.</summary>
    public DateTimeOffset BootTime { get; init; }

    /// <summary>What Docker lists as security options: <c>name=seccomp,profile=builtin</c>, ...</summary>
    public IReadOnlyList<string> SecurityOptions { get; init; } = [];

    /// <summary>True when swap can be limited.</summary>
    public bool SwapLimit { get; init; }

    /// <summary>Can the memory of TCP buffers be limited? Cgroup version 1 alone has that.</summary>
    public bool KernelMemoryTcp { get; init; }

    /// <summary>Can the killer of processes be switched off for a container? Cgroup version 1 alone has that.</summary>
    public bool OomKillDisable { get; init; }

    /// <summary>Does the host forward IPv4 packets?</summary>
    public bool Ipv4Forwarding { get; init; }

    /// <summary>Do packets within a bridge pass the host's IPv4 filters?</summary>
    public bool BridgeFilters { get; init; }

    /// <summary>Do packets within a bridge pass the host's IPv6 filters?</summary>
    public bool BridgeFilters6 { get; init; }
}
