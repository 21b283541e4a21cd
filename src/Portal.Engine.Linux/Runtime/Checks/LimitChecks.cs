using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Limits;

namespace Portal.Engine.Linux.Runtime.Checks;

/// <summary>Takes limits away that this kernel does not have, and says so, in Docker's words.</summary>
internal sealed class LimitChecks(CgroupAbilities host)
{
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<string> Problems => _problems;

    public IReadOnlyList<string> Warnings => _warnings;

    public RuntimeResources Examine(RuntimeResources limits)
    {
        limits = Memory(limits);
        limits = Cpu(limits);
        if (limits.PidsLimit > 0 && !host.Pids)
        {
            limits = limits with { PidsLimit = 0 };
            Discard("PIDs limit capabilities", "PIDs limit");
        }

        return limits with { BlockIo = BlockIo(limits.BlockIo) };
    }

    private RuntimeResources Memory(RuntimeResources limits)
    {
        if (limits.Memory > 0 && limits.MemorySwap != -1 && !host.Swap)
        {
            _warnings.Add(
                "Your kernel does not support swap limit capabilities or the cgroup is not mounted. Memory limited without swap.");
            limits = limits with { MemorySwap = -1 };
        }

        if (limits.MemorySwappiness is >= 0 && !host.Swappiness)
        {
            Discard("memory swappiness capabilities", "Memory swappiness");
            limits = limits with { MemorySwappiness = null };
        }

        if (limits.KernelMemoryTcp > 0 && !host.KernelTcp)
        {
            Discard("kernel memory TCP limit capabilities", "Limitation");
            limits = limits with { KernelMemoryTcp = 0 };
        }

        if (limits.OomKillDisable && !host.OomKillDisable)
        {
            _warnings.Add("Your kernel does not support OomKillDisable. OomKillDisable discarded.");
            limits = limits with { OomKillDisable = false };
        }
        else if (limits is { OomKillDisable: true, Memory: 0 })
        {
            _warnings.Add("OOM killer is disabled for the container, but no memory limit is set, "
                + "this can result in the system running out of resources.");
        }

        return limits;
    }

    private RuntimeResources Cpu(RuntimeResources limits)
    {
        if (limits is { CpuRealtimePeriod: 0, CpuRealtimeRuntime: 0 } || host.Realtime)
        {
            Cpuset(limits.CpusetCpus, "cpuset cpus", "CPUs", host.Cpus);
            Cpuset(limits.CpusetMems, "cpuset mems", "memory nodes", host.Mems);
            return limits;
        }

        _problems.Add("Your kernel does not support CPU real-time scheduler");
        return limits;
    }

    private void Cpuset(string asked, string field, string what, string? available)
    {
        if (asked.Length == 0)
        {
            return;
        }

        if (NumberSet.Parse(asked) is not { } wanted)
        {
            _problems.Add($"Invalid value {asked} for {field}: invalid format: {asked}");
        }
        else if (NumberSet.Parse((available ?? "").Trim()) is not { } there || !wanted.IsSubsetOf(there))
        {
            _problems.Add($"Requested {what} are not available - requested {asked}, available: {available ?? "none"}");
        }
    }

    private BlockIoLimits BlockIo(BlockIoLimits io)
    {
        if (io.Weight > 0 && !host.IoWeight)
        {
            Discard("Block I/O weight", "Weight");
            io = io with { Weight = 0 };
        }

        if (io.DeviceWeights.Count > 0 && !host.IoWeightDevice)
        {
            Discard("Block I/O weight_device", "Weight-device");
            io = io with { DeviceWeights = [] };
        }

        return host.IoThrottle ? io : io with
        {
            ReadBps = Rates(io.ReadBps, "BPS Block I/O read limit", "Block I/O BPS read limit"),
            WriteBps = Rates(io.WriteBps, "BPS Block I/O write limit", "Block I/O BPS write limit"),
            ReadIops = Rates(io.ReadIops, "IOPS Block read limit", "Block I/O IOPS read limit"),
            WriteIops = Rates(io.WriteIops, "IOPS Block write limit", "Block I/O IOPS write limit"),
        };
    }

    private IReadOnlyList<DeviceRate> Rates(IReadOnlyList<DeviceRate> rates, string what, string discarded)
    {
        if (rates.Count > 0)
        {
            Discard(what, discarded);
        }

        return [];
    }

    private void Discard(string what, string discarded)
    {
        _warnings.Add($"Your kernel does not support {what} or the cgroup is not mounted. {discarded} discarded.");
    }
}
