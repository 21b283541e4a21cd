using Portal.Contracts.Hubs;
using Portal.Web.Features.Containers.Stats;

namespace Portal.Web.Features.Stats.History;

/// <summary>
/// Gathers what nodes report into steps of ten seconds by this portal's clock: neither a node's wrong clock nor the phase of its timer moves
/// a point, and two portals that hear the same node make the same points.
/// </summary>
/// <remarks>Singleton; any thread: everything happens under one lock, briefly.</remarks>
internal sealed class StatsBuckets(TimeProvider time)
{
    private static readonly List<string> s_columns = [.. StatsRow.Columns];
    private static readonly TimeSpan s_step = StatsResolution.Fine.Step;
    private static readonly TimeSpan s_current = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_forgotten = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid NodeId, string ContainerId), Subject> _subjects = [];

    public void Add(Guid nodeId, NodeSample sample, int processors)
    {
        lock (_lock)
        {
            var limit = processors > 0 ? processors : (float?)null;
            var used = (float)(Math.Clamp(sample.CpuShare, 0, 1) * (limit ?? 1));
            Find((nodeId, "")).Add(
                Now,
                [
                    used, used, limit, sample.MemoryUsedBytes, sample.MemoryUsedBytes, sample.MemoryTotalBytes, null, null, null, null,
                    sample.DiskUsedBytes, sample.DiskTotalBytes, (float)sample.Load1,
                ]);
        }
    }

    public void Add(Guid nodeId, StatsSample sample)
    {
        lock (_lock)
        {
            var subject = Find((nodeId, sample.ContainerId));

            // Rates need two samples: a container's first point is of memory alone.
            var rates = subject.Rates.Next(sample);
            subject.Latest = sample;
            var used = (float?)(rates?.CpuPercent / 100);
            subject.Add(
                Now,
                [
                    used, used, sample.OnlineCpus, sample.MemoryBytes, sample.MemoryBytes, sample.MemoryLimitBytes,
                    (float?)rates?.ReceiveRate, (float?)rates?.TransmitRate, (float?)rates?.ReadRate, (float?)rates?.WriteRate,
                    null, null, null,
                ]);
        }
    }

    /// <summary>The points of all steps that are over; each is given once.</summary>
    public IReadOnlyList<StatsRow> TakeClosed()
    {
        var now = time.GetUtcNow();
        var open = StatsResolution.Floor(now, s_step);
        lock (_lock)
        {
            var rows = new List<StatsRow>();
            foreach (var (key, subject) in _subjects)
            {
                subject.Take(key, open, rows);
                if (now - subject.SeenAt > s_forgotten)
                {
                    _subjects.Remove(key);
                }
            }

            return rows;
        }
    }

    /// <summary>The newest counters of each container that was heard of within the last minute.</summary>
    public IReadOnlyList<(Guid NodeId, StatsSample Sample)> Latest()
    {
        var oldest = time.GetUtcNow() - s_current;
        lock (_lock)
        {
            return [.. _subjects
                .Where(pair => pair.Value.Latest is not null && pair.Value.SeenAt >= oldest)
                .Select(pair => (pair.Key.NodeId, pair.Value.Latest!))];
        }
    }

    /// <summary>A container's last whole step, by column; null when nothing was heard of it within the last minute.</summary>
    public double? Find(Guid nodeId, string containerId, string column)
    {
        lock (_lock)
        {
            return _subjects.TryGetValue((nodeId, containerId), out var subject) && subject.SeenAt >= time.GetUtcNow() - s_current
                ? subject.Last?[s_columns.IndexOf(column)]
                : null;
        }
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private Subject Find((Guid NodeId, string ContainerId) key)
    {
        if (!_subjects.TryGetValue(key, out var subject))
        {
            subject = new Subject();
            _subjects[key] = subject;
        }

        return subject;
    }

    private sealed class Subject
    {
        // Peaks stand in the second and fifth place; all else is an average.
        private const int CpuPeak = 1;
        private const int MemoryPeak = 4;
        private readonly List<(DateTimeOffset At, double[] Sums, int[] Counts)> _steps = [];

        public StatsRates Rates { get; } = new();

        public float?[]? Last { get; private set; }

        public StatsSample? Latest { get; set; }

        public DateTimeOffset SeenAt { get; private set; }

        public void Add(DateTimeOffset now, float?[] values)
        {
            SeenAt = now;
            var at = StatsResolution.Floor(now, s_step);
            if (_steps.Count == 0 || _steps[^1].At < at)
            {
                _steps.Add((at, new double[values.Length], new int[values.Length]));
            }

            var (_, sums, counts) = _steps[^1];
            for (var index = 0; index < values.Length; index++)
            {
                if (values[index] is { } value && float.IsFinite(value))
                {
                    var peak = index is CpuPeak or MemoryPeak;
                    sums[index] = peak ? Math.Max(sums[index], value) : sums[index] + value;
                    counts[index] = peak ? 1 : counts[index] + 1;
                }
            }
        }

        public void Take((Guid NodeId, string ContainerId) key, DateTimeOffset open, List<StatsRow> rows)
        {
            while (_steps.Count > 0 && _steps[0].At < open)
            {
                var (at, sums, counts) = _steps[0];
                _steps.RemoveAt(0);
                var values = sums.Zip(counts, (sum, count) => count == 0 ? (float?)null : (float)(sum / count)).ToArray();
                Last = values;
                rows.Add(new StatsRow(key.NodeId, key.ContainerId, at, values));
            }
        }
    }
}
