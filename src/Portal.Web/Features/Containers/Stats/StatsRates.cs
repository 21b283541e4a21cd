using Portal.Contracts.Hubs;

namespace Portal.Web.Features.Containers.Stats;

/// <summary>Makes rates of counters: each sample against the one before.</summary>
public sealed class StatsRates
{
    private StatsSample? _previous;

    /// <summary>The point between this sample and the one before; null for the first, and after counters began anew.</summary>
    public StatsPoint? Next(StatsSample sample)
    {
        var previous = _previous;
        _previous = sample;
        var seconds = previous is null ? 0 : (sample.Time - previous.Time).TotalSeconds;

        // Counters fall when the container was started again: what lies between two lives is no rate.
        if (previous is null || seconds <= 0 || sample.CpuNanoseconds < previous.CpuNanoseconds)
        {
            return null;
        }

        return new StatsPoint(
            sample.Time,
            (sample.CpuNanoseconds - previous.CpuNanoseconds) / (seconds * 1e9) * 100,
            sample.MemoryBytes,
            sample.MemoryLimitBytes,
            Rate(sample.NetworkReceiveBytes, previous.NetworkReceiveBytes, seconds),
            Rate(sample.NetworkTransmitBytes, previous.NetworkTransmitBytes, seconds),
            Rate(sample.BlockReadBytes, previous.BlockReadBytes, seconds),
            Rate(sample.BlockWriteBytes, previous.BlockWriteBytes, seconds));
    }

    private static double Rate(long now, long before, double seconds) => Math.Max(0, (now - before) / seconds);
}
