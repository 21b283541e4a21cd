using Portal.Engine.Linux.Cgroups;

namespace Portal.Engine.Linux.Runtime.Checks;

/// <summary>What the cgroups of this host can limit.</summary>
internal sealed class CgroupAbilities(CgroupMounts mounts, CgroupTree cgroups)
{
    public int Version => mounts.Version;

    public bool Swap => cgroups.HasSwapLimit;

    public bool Swappiness => Has1("memory", "memory.swappiness");

    public bool OomKillDisable => Has1("memory", "memory.oom_control");

    public bool KernelTcp => Has1("memory", "memory.kmem.tcp.limit_in_bytes");

    public bool Pids => Version == 2 ? HasController("pids") : mounts.Hierarchies.Any(tree => tree.Controllers.Contains("pids"));

    public bool Realtime => Has1("cpu", "cpu.rt_runtime_us");

    public bool IoWeight => Version == 2 ? HasController("io") : Has1("blkio", "blkio.weight") || Has1("blkio", "blkio.bfq.weight");

    public bool IoWeightDevice => Version == 2
        ? HasController("io")
        : Has1("blkio", "blkio.weight_device") || Has1("blkio", "blkio.bfq.weight_device");

    public bool IoThrottle => Version == 2 ? HasController("io") : Has1("blkio", "blkio.throttle.read_bps_device");

    /// <summary>Processors that may be given, <c>0-3</c>; null when the host can't tie processes to any.</summary>
    public string? Cpus => Cpuset("cpuset.cpus");

    /// <summary>Memory nodes that may be given.</summary>
    public string? Mems => Cpuset("cpuset.mems");

    private string? Cpuset(string file)
    {
        var path = Version == 2
            ? HasController("cpuset") ? Path.Combine(mounts.Hierarchies[0].MountPoint, file + ".effective") : null
            : mounts.Hierarchies.FirstOrDefault(tree => tree.Controllers.Contains("cpuset")) is { } tree
                ? Path.Combine(tree.MountPoint, file)
                : null;
        return path is not null && File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }

    private bool Has1(string controller, string file)
    {
        return Version == 1 && mounts.Hierarchies.Any(tree =>
            tree.Controllers.Contains(controller) && File.Exists(Path.Combine(tree.MountPoint, file)));
    }

    private bool HasController(string name)
    {
        var file = Path.Combine(mounts.Hierarchies[0].MountPoint, "cgroup.controllers");
        return File.Exists(file) && File.ReadAllText(file).Split(' ', '\n').Contains(name);
    }
}
