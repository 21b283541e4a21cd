namespace Portal.Contracts.Hubs;

/// <summary>A container's counters at one moment; totals count from its start.</summary>
/// <param name="ContainerId">Its full id.</param>
/// <param name="Time">When they were read.</param>
/// <param name="CpuNanoseconds">Processor time used.</param>
/// <param name="OnlineCpus">Processors of the host.</param>
/// <param name="MemoryBytes">Memory in use without cache that can be dropped.</param>
/// <param name="MemoryLimitBytes">The limit, or the host's memory.</param>
/// <param name="NetworkReceiveBytes">Bytes received.</param>
/// <param name="NetworkTransmitBytes">Bytes sent.</param>
/// <param name="BlockReadBytes">Bytes read from block devices.</param>
/// <param name="BlockWriteBytes">Bytes written to block devices.</param>
/// <param name="Pids">Processes and threads.</param>
public sealed record StatsSample(
    string ContainerId,
    DateTimeOffset Time,
    long CpuNanoseconds,
    int OnlineCpus,
    long MemoryBytes,
    long MemoryLimitBytes,
    long NetworkReceiveBytes,
    long NetworkTransmitBytes,
    long BlockReadBytes,
    long BlockWriteBytes,
    long Pids);
