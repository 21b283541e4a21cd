using System.Globalization;

namespace Portal.Web.Features.Stats.History;

/// <summary>One of the three steps in which counters are kept, with its table and how that is split.</summary>
/// <param name="Table">The table of its points.</param>
/// <param name="Step">Time between points.</param>
/// <param name="Partition">How much time one partition holds.</param>
internal sealed record StatsResolution(string Table, TimeSpan Step, TimeSpan Partition)
{
    private const string StampFormat = "yyyyMMdd'T'HHmm";

    public static StatsResolution Fine { get; } = new("stats_10s", TimeSpan.FromSeconds(10), TimeSpan.FromHours(1));

    public static StatsResolution Middle { get; } = new("stats_1m", TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));

    public static StatsResolution Coarse { get; } = new("stats_10m", TimeSpan.FromMinutes(10), TimeSpan.FromDays(7));

    public static IReadOnlyList<StatsResolution> All { get; } = [Fine, Middle, Coarse];

    /// <summary>The beginning of the step that a moment lies in.</summary>
    public static DateTimeOffset Floor(DateTimeOffset at, TimeSpan step) =>
        DateTimeOffset.UnixEpoch + TimeSpan.FromTicks((at - DateTimeOffset.UnixEpoch).Ticks / step.Ticks * step.Ticks);

    /// <summary>The name of the partition that holds a moment.</summary>
    public string PartitionOf(DateTimeOffset at) =>
        $"{Table}_{Floor(at, Partition).UtcDateTime.ToString(StampFormat, CultureInfo.InvariantCulture).ToLowerInvariant()}";

    /// <summary>When a partition of this table begins, by its name; null for what is none.</summary>
    public DateTimeOffset? BeginningOf(string partition)
    {
        return partition.StartsWith(Table + "_", StringComparison.Ordinal)
            && DateTimeOffset.TryParseExact(
                partition[(Table.Length + 1)..].ToUpperInvariant(),
                StampFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var beginning)
            ? beginning
            : null;
    }
}
