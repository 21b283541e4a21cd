namespace Portal.Engine.Stats;

/// <summary>
/// Counters of one container at one moment. Totals count from the container's start and never fall; rates are for
/// the reader to derive.
/// </summary>
public sealed record ContainerSample
{
    /// <summary>The container's full id.</summary>
    public required string ContainerId { get; init; }

    /// <summary>When it was read.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Processor time used, in nanoseconds.</summary>
    public long CpuNanoseconds { get; init; }

    /// <summary>The part of it in the kernel, in nanoseconds.</summary>
    public long CpuKernelNanoseconds { get; init; }

    /// <summary>
    /// Processor time that all of the host's processors have passed since boot, in nanoseconds (Docker's
    /// <c>system_cpu_usage</c>).
    /// </summary>
    public long SystemCpuNanoseconds { get; init; }

    /// <summary>Processors online.</summary>
    public int OnlineCpus { get; init; }

    /// <summary>Memory in use without the page cache that can be dropped at once (as <c>docker stats</c> shows it), in bytes.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Page cache that can be dropped at once (<c>inactive_file</c>), in bytes.</summary>
    public long MemoryCacheBytes { get; init; }

    /// <summary>The limit, or the host's memory when there is none, in bytes.</summary>
    public long MemoryLimitBytes { get; init; }

    /// <summary>Processes and threads.</summary>
    public long Pids { get; init; }

    /// <summary>The limit of processes and threads; 0 when there is none.</summary>
    public long PidsLimit { get; init; }

    /// <summary>Bytes received on all interfaces but loopback.</summary>
    public long NetworkReceiveBytes { get; init; }

    /// <summary>Bytes sent on all interfaces but loopback.</summary>
    public long NetworkTransmitBytes { get; init; }

    /// <summary>Bytes read from block devices.</summary>
    public long BlockReadBytes { get; init; }

    /// <summary>Bytes written to block devices.</summary>
    public long BlockWriteBytes { get; init; }

    /// <summary>Counters that are read for who watches this container alone; null for others.</summary>
    public ContainerDetails? Details { get; init; }
}
