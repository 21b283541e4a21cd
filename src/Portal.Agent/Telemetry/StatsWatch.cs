using System.Collections.Frozen;
using Portal.Contracts.Hubs;

namespace Portal.Agent.Telemetry;

/// <summary>Sends the counters of the containers that the portal watches, once a second; reads none while it watches none.</summary>
internal sealed class StatsWatch(TelemetrySources sources, Func<StatsBatch, Task> send)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private FrozenSet<string> _watched = FrozenSet<string>.Empty;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Replaces what is watched.</summary>
    public void Watch(IReadOnlyList<string> containerIds)
    {
        lock (_lock)
        {
            _watched = containerIds.ToFrozenSet(StringComparer.Ordinal);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (watched, changed) = Read();
            if (watched.Count == 0)
            {
                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            await SendAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends rounds until nothing is watched.</summary>
    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await foreach (var round in sources.Stats.WatchAllAsync(s_interval, cancellationToken).ConfigureAwait(false))
        {
            var (watched, _) = Read();
            if (watched.Count == 0)
            {
                return;
            }

            var samples = round.Where(sample => watched.Contains(sample.ContainerId)).Select(TelemetryMapping.ToSample).ToArray();
            if (samples.Length > 0)
            {
                await send(new StatsBatch(samples)).ConfigureAwait(false);
            }
        }
    }

    private (FrozenSet<string> Watched, Task Changed) Read()
    {
        lock (_lock)
        {
            return (_watched, _changed.Task);
        }
    }
}
