using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>Counters of all containers that somebody looks at, and those of the last five minutes.</summary>
/// <remarks>Singleton; any thread: everything happens under one lock, briefly.</remarks>
internal sealed class StatsFeeds(AgentCalls calls, TimeProvider time)
{
    private const int SamplesRemembered = 300;
    private const int SamplesHeld = SamplesRemembered + 60;
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, ITelemetryAgent> _agents = [];
    private readonly Dictionary<(Guid NodeId, string ContainerId), Feed> _feeds = [];

    public async IAsyncEnumerable<StatsSample> WatchAsync(
        Guid nodeId, string containerId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The oldest go first when a view is too slow: a chart is of the newest.
        var samples = Channel.CreateBounded<StatsSample>(
            new BoundedChannelOptions(SamplesHeld) { FullMode = BoundedChannelFullMode.DropOldest });
        Join((nodeId, containerId), samples);
        try
        {
            await foreach (var sample in samples.Reader.ReadAllAsync(cancellationToken))
            {
                yield return sample;
            }
        }
        finally
        {
            Leave((nodeId, containerId), samples);
        }
    }

    /// <summary>A node has a new connection: it is asked for all that somebody looks at.</summary>
    public void Connect(Guid nodeId, ITelemetryAgent agent)
    {
        lock (_lock)
        {
            _agents[nodeId] = agent;
            Ask(nodeId);
        }
    }

    public void Disconnect(Guid nodeId)
    {
        lock (_lock)
        {
            _agents.Remove(nodeId);
        }
    }

    /// <summary>Containers are gone: nobody will see more of them.</summary>
    public void Forget(Guid nodeId, IReadOnlyList<string> containerIds)
    {
        lock (_lock)
        {
            foreach (var containerId in containerIds)
            {
                if (_feeds.Remove((nodeId, containerId), out var feed))
                {
                    feed.Watchers.ForEach(watcher => watcher.Writer.TryComplete());
                }
            }
        }
    }

    public void Take(Guid nodeId, StatsBatch batch)
    {
        lock (_lock)
        {
            foreach (var sample in batch.Samples)
            {
                if (_feeds.TryGetValue((nodeId, sample.ContainerId), out var feed))
                {
                    feed.Take(sample);
                }
            }
        }
    }

    private void Join((Guid NodeId, string ContainerId) key, Channel<StatsSample> watcher)
    {
        lock (_lock)
        {
            ForgetOld();
            if (!_feeds.TryGetValue(key, out var feed))
            {
                feed = new Feed();
                _feeds[key] = feed;
            }

            foreach (var sample in feed.Recent)
            {
                watcher.Writer.TryWrite(sample);
            }

            feed.Watchers.Add(watcher);
            if (feed.Watchers.Count == 1)
            {
                Ask(key.NodeId);
            }
        }
    }

    private void Leave((Guid NodeId, string ContainerId) key, Channel<StatsSample> watcher)
    {
        lock (_lock)
        {
            if (_feeds.TryGetValue(key, out var feed) && feed.Watchers.Remove(watcher) && feed.Watchers.Count == 0)
            {
                Ask(key.NodeId);
            }
        }
    }

    private void Ask(Guid nodeId)
    {
        var watched = _feeds
            .Where(pair => pair.Key.NodeId == nodeId && pair.Value.Watchers.Count > 0)
            .Select(pair => pair.Key.ContainerId)
            .ToArray();
        calls.Post(_agents.GetValueOrDefault(nodeId), agent => agent.WatchStats(watched));
    }

    private void ForgetOld()
    {
        var oldest = time.GetUtcNow() - s_memory;
        foreach (var (key, feed) in _feeds)
        {
            while (feed.Recent.TryPeek(out var sample) && sample.Time < oldest)
            {
                feed.Recent.Dequeue();
            }

            if (feed.Watchers.Count == 0 && feed.Recent.Count == 0)
            {
                _feeds.Remove(key);
            }
        }
    }

    private sealed class Feed
    {
        public Queue<StatsSample> Recent { get; } = new();

        public List<Channel<StatsSample>> Watchers { get; } = [];

        public void Take(StatsSample sample)
        {
            if (Recent.Count == SamplesRemembered)
            {
                Recent.Dequeue();
            }

            Recent.Enqueue(sample);
            Watchers.ForEach(watcher => watcher.Writer.TryWrite(sample));
        }
    }
}
