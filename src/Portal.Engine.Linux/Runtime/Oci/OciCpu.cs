namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary><c>linux.resources.cpu</c>; quotas, run times and periods in microseconds.</summary>
internal sealed record OciCpu(ulong? Shares, long? Quota, ulong? Period, string? Cpus)
{
    public string? Mems { get; init; }

    public long? RealtimeRuntime { get; init; }

    public ulong? RealtimePeriod { get; init; }
}
