namespace Portal.Contracts.Hubs;

/// <summary>A host's counters at one moment.</summary>
/// <param name="Time">When they were read.</param>
/// <param name="CpuShare">Share of all processors in use since the sample before, 0 to 1.</param>
/// <param name="Load1">Load average over one minute.</param>
/// <param name="MemoryTotalBytes">Memory in bytes.</param>
/// <param name="MemoryUsedBytes">Memory in use in bytes.</param>
/// <param name="DiskTotalBytes">Size of the file system of the engine's data in bytes.</param>
/// <param name="DiskUsedBytes">Bytes used on it.</param>
public sealed record NodeSample(
    DateTimeOffset Time,
    double CpuShare,
    double Load1,
    long MemoryTotalBytes,
    long MemoryUsedBytes,
    long DiskTotalBytes,
    long DiskUsedBytes);
