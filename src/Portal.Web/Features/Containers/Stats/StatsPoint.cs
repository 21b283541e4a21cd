namespace Portal.Web.Features.Containers.Stats;

/// <summary>What the charts draw for one moment. Rates are bytes a second; 100 percent is one processor.</summary>
public sealed record StatsPoint(
    DateTimeOffset Time,
    double CpuPercent,
    double MemoryBytes,
    double MemoryLimitBytes,
    double ReceiveRate,
    double TransmitRate,
    double ReadRate,
    double WriteRate)
{
    /// <summary>As the script takes it: seconds since 1970, then the values of each chart.</summary>
    internal object[] ToRow() =>
    [
        Time.ToUnixTimeMilliseconds() / 1000.0,
        new[] { CpuPercent },
        new[] { MemoryBytes },
        new[] { ReceiveRate, TransmitRate },
        new[] { ReadRate, WriteRate },
    ];
}
