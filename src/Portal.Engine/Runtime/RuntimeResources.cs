using Portal.Engine.Runtime.Limits;

namespace Portal.Engine.Runtime;

/// <summary>Limits on a container; null or 0 where there is none.</summary>
public sealed record RuntimeResources
{
    /// <summary>Memory in bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Memory and swap together in bytes; -1 for unlimited swap; 0 for twice the memory.</summary>
    public long MemorySwap { get; init; }

    /// <summary>Soft limit of memory in bytes.</summary>
    public long MemoryReservation { get; init; }

    /// <summary>Processors in billionths: 1.5 processors are 1,500,000,000. Not with <see cref="CpuQuota"/>.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Relative weight, 2 to 262144; 0 for the default of 1024.</summary>
    public long CpuShares { get; init; }

    /// <summary>Processors that may be used, such as <c>0-2,4</c>; empty for all.</summary>
    public string CpusetCpus { get; init; } = "";

    /// <summary>Memory nodes that may be used, such as <c>0,1</c>; empty for all.</summary>
    public string CpusetMems { get; init; } = "";

    /// <summary>Microseconds of a period of <see cref="CpuQuota"/>, 1000 to 1000000; 0 for 100000.</summary>
    public long CpuPeriod { get; init; }

    /// <summary>Microseconds of processor time in each period, from 1000; 0 or -1 for no limit. Not with <see cref="NanoCpus"/>.</summary>
    public long CpuQuota { get; init; }

    /// <summary>Microseconds of a period of real-time scheduling; 0 for the default. cgroup version 1 alone.</summary>
    public long CpuRealtimePeriod { get; init; }

    /// <summary>Microseconds of real-time scheduling in each such period; 0 for none. cgroup version 1 alone.</summary>
    public long CpuRealtimeRuntime { get; init; }

    /// <summary>How readily memory is swapped out, 0 to 100; null or -1 for the host's way. cgroup version 1 alone.</summary>
    public long? MemorySwappiness { get; init; }

    /// <summary>Bytes of the kernel's TCP buffers; 0 for no limit. cgroup version 1 alone.</summary>
    public long KernelMemoryTcp { get; init; }

    /// <summary>Let processes wait at the memory limit in place of killing one. cgroup version 1 alone.</summary>
    public bool OomKillDisable { get; init; }

    /// <summary>Block I/O.</summary>
    public BlockIoLimits BlockIo { get; init; } = new();

    /// <summary>Number of processes and threads; 0 or -1 for no limit.</summary>
    public long PidsLimit { get; init; }
}
