using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Spec;

/// <summary>Makes the runtime's limits of ours. The runtime turns them into files of cgroup version 1 or 2.</summary>
internal static class ResourceTranslator
{
    private const ulong PeriodMicroseconds = 100_000;
    private const long NanosecondsPerPeriod = 10_000;
    private const long Unlimited = -1;
    private const long SmallestMemory = 6 * 1024 * 1024;

    /// <param name="resources">The limits.</param>
    /// <param name="devices">Which devices may be used.</param>
    /// <param name="swapLimit">False when this host can't limit swap: the limit of swap is left out then, as Docker does.</param>
    /// <param name="cgroupVersion">1 or 2: some limits are of version 1 alone, and runtimes refuse them on the other.</param>
    public static OciResources Translate(
        RuntimeResources resources, IReadOnlyList<OciDeviceRule> devices, bool swapLimit, int cgroupVersion = 1)
    {
        return new OciResources
        {
            Devices = devices,
            Memory = Memory(resources, swapLimit, cgroupVersion),
            Cpu = Cpu(resources, cgroupVersion),
            BlockIo = BlockIoTranslator.Translate(resources.BlockIo),
            Pids = resources.PidsLimit > 0 ? new OciPids(resources.PidsLimit) : null,
        };
    }

    /// <summary>
    /// The same for a container that runs: there, to leave a limit out is to leave it as it is. On version 1 no limit of processes is left
    /// out all the same, and lifted without the runtime: crun before 1.13.1 writes -1 there, which the kernel refuses. So is no quota of
    /// processor time: crun 1.8 writes -1 as the number without a sign that has its bits.
    /// </summary>
    public static OciResources TranslateUpdate(RuntimeResources resources, bool swapLimit, int cgroupVersion)
    {
        var limits = Translate(resources, [], swapLimit, cgroupVersion);
        if (cgroupVersion != 2)
        {
            return limits;
        }

        var cpu = limits.Cpu ?? new OciCpu(null, null, null, null);
        return limits with
        {
            Pids = limits.Pids ?? new OciPids(Unlimited),
            Cpu = LiftsQuota(resources) ? cpu with { Quota = Unlimited } : limits.Cpu,
        };
    }

    /// <summary>True when processor time shall not be limited any more.</summary>
    public static bool LiftsQuota(RuntimeResources resources) => resources is { NanoCpus: 0, CpuQuota: < 0 };

    private static OciMemory? Memory(RuntimeResources resources, bool swapLimit, int cgroupVersion)
    {
        if (resources.Memory is > 0 and < SmallestMemory)
        {
            throw EngineException.InvalidArgument("Minimum memory limit allowed is 6MB");
        }

        if (resources.MemorySwap > 0 && resources.MemorySwap < resources.Memory)
        {
            throw EngineException.InvalidArgument("Minimum memoryswap limit should be larger than memory limit, see usage");
        }

        long? swap = resources switch
        {
            _ when !swapLimit => null,
            { MemorySwap: not 0 } => resources.MemorySwap,
            { Memory: > 0 } => resources.Memory * 2,
            _ => null,
        };
        var memory = new OciMemory(Positive(resources.Memory), swap, Positive(resources.MemoryReservation));
        if (cgroupVersion == 1)
        {
            memory = memory with
            {
                KernelTcp = Positive(resources.KernelMemoryTcp),
                Swappiness = resources.MemorySwappiness is { } swappiness and >= 0 ? (ulong)swappiness : null,
                DisableOomKiller = resources.OomKillDisable ? true : null,
            };
        }

        return memory == new OciMemory(null, null, null) ? null : memory;
    }

    private static OciCpu? Cpu(RuntimeResources resources, int cgroupVersion)
    {
        var limited = resources.NanoCpus > 0;
        var cpu = new OciCpu(
            resources.CpuShares > 0 ? (ulong)resources.CpuShares : null,
            limited ? resources.NanoCpus / NanosecondsPerPeriod : Positive(resources.CpuQuota),
            limited ? PeriodMicroseconds : resources.CpuPeriod > 0 ? (ulong)resources.CpuPeriod : null,
            resources.CpusetCpus.Length > 0 ? resources.CpusetCpus : null)
        {
            Mems = resources.CpusetMems.Length > 0 ? resources.CpusetMems : null,
            RealtimeRuntime = cgroupVersion == 1 ? Positive(resources.CpuRealtimeRuntime) : null,
            RealtimePeriod = cgroupVersion == 1 && resources.CpuRealtimePeriod > 0 ? (ulong)resources.CpuRealtimePeriod : null,
        };
        return cpu == new OciCpu(null, null, null, null) ? null : cpu;
    }

    private static long? Positive(long value) => value > 0 ? value : null;
}
