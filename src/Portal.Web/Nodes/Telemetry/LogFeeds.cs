using System.Runtime.CompilerServices;
using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>All logs that somebody looks at.</summary>
/// <remarks>Singleton; any thread: everything happens under one lock, briefly.</remarks>
internal sealed class LogFeeds(AgentCalls calls)
{
    private const int MaximumTail = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, ITelemetryAgent> _agents = [];
    private readonly Dictionary<(Guid NodeId, string ContainerId, int Tail), LogFeed> _feeds = [];

    public async IAsyncEnumerable<LogBatch> WatchAsync(
        Guid nodeId, string containerId, int tail, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var key = (nodeId, containerId, Math.Clamp(tail, 0, MaximumTail));
        var subscriber = new LogSubscriber();
        var feed = Join(key, subscriber);
        try
        {
            await foreach (var batch in subscriber.ReadAsync(cancellationToken))
            {
                yield return batch;
            }
        }
        finally
        {
            Leave(key, feed, subscriber);
        }
    }

    /// <summary>A node has a new connection: it is asked for all of its logs that somebody looks at.</summary>
    public void Connect(Guid nodeId, ITelemetryAgent agent)
    {
        lock (_lock)
        {
            _agents[nodeId] = agent;
            foreach (var feed in _feeds.Values.Where(feed => feed.NodeId == nodeId))
            {
                var subscription = feed.Resume();
                calls.Post(agent, target => target.WatchLogs(subscription));
            }
        }
    }

    public void Disconnect(Guid nodeId)
    {
        lock (_lock)
        {
            _agents.Remove(nodeId);
        }
    }

    public void Take(Guid nodeId, LogBatch batch)
    {
        lock (_lock)
        {
            var (key, feed) = _feeds.FirstOrDefault(
                pair => pair.Value.NodeId == nodeId && pair.Value.SubscriptionId == batch.SubscriptionId);
            if (feed is null)
            {
                return;
            }

            feed.Take(batch);
            if (batch.Ended)
            {
                _feeds.Remove(key);
            }
        }
    }

    private LogFeed Join((Guid NodeId, string ContainerId, int Tail) key, LogSubscriber subscriber)
    {
        lock (_lock)
        {
            if (!_feeds.TryGetValue(key, out var feed))
            {
                feed = new LogFeed(key.NodeId, key.ContainerId, key.Tail);
                _feeds[key] = feed;
                var subscription = feed.Resume();
                calls.Post(_agents.GetValueOrDefault(key.NodeId), agent => agent.WatchLogs(subscription));
            }

            feed.Add(subscriber);
            return feed;
        }
    }

    private void Leave((Guid NodeId, string ContainerId, int Tail) key, LogFeed feed, LogSubscriber subscriber)
    {
        lock (_lock)
        {
            feed.Remove(subscriber);
            if (feed.IsEmpty && _feeds.TryGetValue(key, out var current) && current == feed)
            {
                _feeds.Remove(key);
                var id = feed.SubscriptionId;
                calls.Post(_agents.GetValueOrDefault(key.NodeId), agent => agent.UnwatchLogs(id));
            }
        }
    }
}
