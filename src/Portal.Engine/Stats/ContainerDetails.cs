namespace Portal.Engine.Stats;

/// <summary>
/// Counters of one container that only who looks at that container wants, in the kernel's own names and units (kernel documentation,
/// <c>admin-guide/cgroup-v1</c>, <c>cgroup-v2</c> and <c>accounting/psi</c>).
/// </summary>
public sealed record ContainerDetails
{
    /// <summary>Processor time used on each processor, in nanoseconds; empty under cgroup version 2, which does not count it.</summary>
    public IReadOnlyList<long> PerCpuNanoseconds { get; init; } = [];

    /// <summary>Periods of its processor limit that have passed; 0 without a limit.</summary>
    public long Periods { get; init; }

    /// <summary>Periods in which it was held back.</summary>
    public long ThrottledPeriods { get; init; }

    /// <summary>How long it was held back, in nanoseconds.</summary>
    public long ThrottledNanoseconds { get; init; }

    /// <summary>The most memory that it ever used, in bytes; 0 when the kernel does not tell.</summary>
    public long MemoryMaximumBytes { get; init; }

    /// <summary>How often it came up against its limit of memory.</summary>
    public long MemoryFailures { get; init; }

    /// <summary><c>memory.stat</c>.</summary>
    public IReadOnlyDictionary<string, long> Memory { get; init; } = new Dictionary<string, long>();

    /// <summary>Bytes by device and operation.</summary>
    public IReadOnlyList<BlockCounter> BlockBytes { get; init; } = [];

    /// <summary>Numbers of operations by device and operation.</summary>
    public IReadOnlyList<BlockCounter> BlockOperations { get; init; } = [];

    /// <summary>Its interfaces but loopback, in the kernel's order.</summary>
    public IReadOnlyList<InterfaceCounters> Interfaces { get; init; } = [];

    /// <summary>Pressure by <c>cpu</c>, <c>memory</c> and <c>io</c>; empty where the kernel does not measure it.</summary>
    public IReadOnlyDictionary<string, PressureCounters> Pressure { get; init; } = new Dictionary<string, PressureCounters>();
}
