using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Portal.Contracts.Hubs;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Alerts.Rules;

/// <summary>
/// Counts lines of containers' logs that a pattern finds. A log is watched from the first question about it until nobody has asked for a minute:
/// in the one portal that evaluates the rules, and only of the containers that they choose.
/// </summary>
/// <remarks>Singleton; any thread. Of lines only their times are kept, at most ten thousand a container.</remarks>
internal sealed class LogMatches : IAsyncDisposable
{
    public const int MostContainers = 200;

    // A log is read again from so many lines, of which those are counted that were not seen before.
    private const int Tail = 1000;
    private const int LongestLine = 4000;
    private const int MostHits = 10_000;
    private static readonly TimeSpan s_forgetAfter = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(string Pattern, Guid NodeId, string ContainerId), Watched> _watched = new();
    private readonly ITelemetry _telemetry;
    private readonly TimeProvider _time;
    private readonly ITimer _forgetting;

    public LogMatches(ITelemetry telemetry, TimeProvider time)
    {
        (_telemetry, _time) = (telemetry, time);

        // By itself, since who asks no more does not say so: a rule was removed, or another portal evaluates them now.
        _forgetting = time.CreateTimer(_ => Forget(), null, s_forgetAfter, s_forgetAfter);
    }

    /// <summary>How many logs are watched now.</summary>
    public int Count => _watched.Count;

    /// <summary>A pattern as it is used: in time that grows with the line alone.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    /// <exception cref="NotSupportedException">It looks around or back, which such a pattern can't.</exception>
    public static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>How many lines of the last so many seconds match; null when too many containers are watched already.</summary>
    public int? Find(string pattern, Guid nodeId, string containerId, bool isAlive, TimeSpan window)
    {
        var key = (pattern, nodeId, containerId);
        if (!_watched.TryGetValue(key, out var watched))
        {
            if (_watched.Count >= MostContainers)
            {
                return null;
            }

            watched = _watched.GetOrAdd(key, _ => new Watched(Compile(pattern), _time.GetUtcNow() - window, new CancellationTokenSource()));
        }

        watched.AskedAt = _time.GetTimestamp();
        if (watched.Running is null || (isAlive && watched.Running.IsCompleted))
        {
            // Not begun, or the container had ended and was started again.
            watched.Running = WatchAsync(watched, nodeId, containerId);
        }

        return watched.CountSince(_time.GetUtcNow() - window);
    }

    public async ValueTask DisposeAsync()
    {
        await _forgetting.DisposeAsync();
        foreach (var watched in _watched.Values)
        {
            await watched.Stopping.CancelAsync();
        }

        await Task.WhenAll(_watched.Values.Select(watched => watched.Running ?? Task.CompletedTask));
    }

    private async Task WatchAsync(Watched watched, Guid nodeId, string containerId)
    {
        watched.Begin();
        try
        {
            await foreach (var batch in _telemetry.WatchLogsAsync(nodeId, containerId, Tail, watched.Stopping.Token))
            {
                watched.Take(batch.Lines);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody asks any more.
        }
    }

    private void Forget()
    {
        foreach (var (key, watched) in _watched)
        {
            if (_time.GetElapsedTime(watched.AskedAt) > s_forgetAfter && watched.AskedAt != 0 && _watched.TryRemove(key, out _))
            {
                watched.Stopping.Cancel();
            }
        }
    }

    private sealed class Watched(Regex pattern, DateTimeOffset begin, CancellationTokenSource stopping)
    {
        private readonly Queue<DateTimeOffset> _hits = new();
        private DateTimeOffset _seen = begin;
        private DateTimeOffset _after = begin;

        public CancellationTokenSource Stopping => stopping;

        public Task? Running { get; set; }

        public long AskedAt { get; set; }

        // What comes again at the beginning was counted before.
        public void Begin() => _after = _seen;

        public void Take(IReadOnlyList<LogLine> lines)
        {
            foreach (var line in lines.Where(line => line.Time > _after))
            {
                _seen = line.Time > _seen ? line.Time : _seen;
                if (pattern.IsMatch(line.Text.AsSpan(0, Math.Min(line.Text.Length, LongestLine))))
                {
                    Add(line.Time);
                }
            }
        }

        public int CountSince(DateTimeOffset since)
        {
            lock (_hits)
            {
                while (_hits.TryPeek(out var oldest) && oldest < since)
                {
                    _hits.Dequeue();
                }

                return _hits.Count;
            }
        }

        private void Add(DateTimeOffset at)
        {
            lock (_hits)
            {
                _hits.Enqueue(at);
                if (_hits.Count > MostHits)
                {
                    _hits.Dequeue();
                }
            }
        }
    }
}
