namespace Portal.Engine.Stats;

/// <summary>Counters of the host at one moment.</summary>
public sealed record HostSample
{
    /// <summary>When it was read.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Processors online.</summary>
    public int Cpus { get; init; }

    /// <summary>Share of all processors in use since the previous sample, 0 to 1; 0 in the first.</summary>
    public double CpuShare { get; init; }

    /// <summary>Load average over one minute.</summary>
    public double Load1 { get; init; }

    /// <summary>Memory of the host in bytes.</summary>
    public long MemoryTotalBytes { get; init; }

    /// <summary>Memory that is not available without swapping, in bytes.</summary>
    public long MemoryUsedBytes { get; init; }

    /// <summary>Size of the file system that holds the engine's data, in bytes.</summary>
    public long DiskTotalBytes { get; init; }

    /// <summary>Bytes used on it.</summary>
    public long DiskUsedBytes { get; init; }
}
