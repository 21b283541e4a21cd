namespace Portal.Engine.Linux.Stats;

/// <summary>What a container's cgroup counts, in the same units for both versions.</summary>
internal sealed record CgroupCounters
{
    public long CpuNanoseconds { get; init; }

    public long CpuKernelNanoseconds { get; init; }

    /// <summary>All memory in use, with the page cache.</summary>
    public long MemoryBytes { get; init; }

    public long MemoryCacheBytes { get; init; }

    /// <summary>Null for no limit.</summary>
    public long? MemoryLimitBytes { get; init; }

    public long Pids { get; init; }

    /// <summary>Null for no limit.</summary>
    public long? PidsLimit { get; init; }

    public long BlockReadBytes { get; init; }

    public long BlockWriteBytes { get; init; }
}
