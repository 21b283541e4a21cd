using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Portal.Engine.Containers.Lifecycle;

namespace Portal.Engine.Stats;

/// <summary>The one loop that samples, while somebody watches.</summary>
internal sealed partial class ContainerStats(
    ContainerRegistry registry,
    IStatsReader reader,
    TimeProvider time,
    ILogger<ContainerStats> logger) : IContainerStats
{
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly List<StatsSubscription> _subscriptions = [];
    private readonly ILogger<ContainerStats> _logger = logger;
    private bool _running;

    public async IAsyncEnumerable<ContainerSample> WatchAsync(
        string container,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var subscription = new StatsSubscription(registry.Get(container), s_round);
        await foreach (var round in WatchAsync(subscription, cancellationToken).ConfigureAwait(false))
        {
            yield return round[0];
        }
    }

    public IAsyncEnumerable<IReadOnlyList<ContainerSample>> WatchAllAsync(
        TimeSpan interval,
        CancellationToken cancellationToken = default)
    {
        var limited = interval < s_round ? s_round : interval;
        return WatchAsync(new StatsSubscription(null, limited), cancellationToken);
    }

    public Task<ContainerSample?> ReadAsync(string container, CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        var sample = Read(found, detailed: true);
        Retain();
        return Task.FromResult(sample);
    }

    private async IAsyncEnumerable<IReadOnlyList<ContainerSample>> WatchAsync(
        StatsSubscription subscription,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Add(subscription);
        try
        {
            await foreach (var round in subscription.Rounds.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return round;
            }
        }
        finally
        {
            Remove(subscription);
        }
    }

    private void Add(StatsSubscription subscription)
    {
        Sample([subscription]);
        lock (_lock)
        {
            _subscriptions.Add(subscription);
            if (!_running)
            {
                _running = true;
                _ = RunAsync();
            }
        }
    }

    private void Remove(StatsSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subscription);
        }
    }

    // Ends by itself when nobody watches any more; it catches whatever a round throws, so nobody needs to await it.
    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(s_round, time);
        while (await timer.WaitForNextTickAsync().ConfigureAwait(false))
        {
            StatsSubscription[] due;
            lock (_lock)
            {
                if (_subscriptions.Count == 0)
                {
                    _running = false;
                    reader.Retain(_ => false);
                    return;
                }

                var now = time.GetTimestamp();
                due = _subscriptions.Where(item => item.Due <= now).ToArray();
            }

            Sample(due);
            Retain();
        }
    }

    // What ended, and what was looked at once, is not kept open.
    private void Retain()
    {
        lock (_lock)
        {
            var subscriptions = _subscriptions;
            reader.Retain(id => registry.Find(id) is { IsRunning: true } && subscriptions.Exists(item => item.Wants(id)));
        }
    }

    private void Sample(StatsSubscription[] due)
    {
        var samples = registry.All
            .Where(container => Array.Exists(due, item => item.Wants(container.Id)))
            .Select(container => Read(container, Array.Exists(due, item => item.Container == container)))
            .OfType<ContainerSample>()
            .ToArray();
        var now = time.GetTimestamp();
        foreach (var subscription in due)
        {
            subscription.Offer(
                subscription.Container is null
                    ? samples
                    : Array.FindAll(samples, sample => subscription.Wants(sample.ContainerId)),
                now,
                time);
            if (subscription.Container?.Removed.IsCompleted == true)
            {
                subscription.End();
            }
        }
    }

    private ContainerSample? Read(Container container, bool detailed)
    {
        try
        {
            var info = container.Info;
            var sample = info.ProcessId == 0 ? null : reader.ReadContainer(info.Id, info.ProcessId);
            return sample is not null && detailed
                ? sample with { Details = reader.ReadDetails(info.Id, info.ProcessId) }
                : sample;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            // It ended while it was read, or the kernel has files that are not known here; the others' samples go on.
            LogReadFailed(failure, container.Id);
            return null;
        }
    }
}
