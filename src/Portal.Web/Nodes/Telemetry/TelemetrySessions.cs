using System.Collections.Concurrent;
using Portal.Contracts.Hubs;
using Portal.Web.Nodes.Portals;
using Portal.Web.Nodes.Presence;
using Portal.Web.Nodes.Storage;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>
/// The telemetry connections that stand now, one a node at most: a new one replaces the old, and what an old one still says is not
/// listened to.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class TelemetrySessions(
    Fleet fleet, INodeStore store, LogFeeds logs, StatsFeeds stats, TelemetryRules rules, NodeEventSignal signal, PortalNews portals,
    IStatsRecorder? recorder = null)
{
    private const string ImageEvents = "image";
    private const string VolumeEvents = "volume";
    private const string NetworkEvents = "network";
    private readonly ConcurrentDictionary<Guid, TelemetrySession> _sessions = new();

    public void Begin(TelemetrySession session)
    {
        TelemetrySession? old = null;
        _sessions.AddOrUpdate(session.NodeId, session, (_, previous) =>
        {
            old = previous;
            return session;
        });
        old?.Cut();
        fleet.ClearTelemetry(session.NodeId);
    }

    public void End(Guid nodeId, string connectionId)
    {
        if (_sessions.TryGetValue(nodeId, out var session)
            && session.ConnectionId == connectionId
            && _sessions.TryRemove(KeyValuePair.Create(nodeId, session)))
        {
            fleet.ClearTelemetry(nodeId);
            portals.Disconnect(nodeId);
            logs.Disconnect(nodeId);
            stats.Disconnect(nodeId);
        }
    }

    /// <summary>Cuts a node off at once.</summary>
    public void Cut(Guid nodeId)
    {
        if (_sessions.TryGetValue(nodeId, out var session))
        {
            session.Cut();
        }
    }

    public async Task<long> AnnounceAsync(Guid nodeId, string connectionId, NodeSnapshot snapshot)
    {
        var session = Demand(nodeId, connectionId);
        rules.DemandWhole(nodeId, nameof(ITelemetryHub.Announce), snapshot);
        var kept = await store.BeginEventsAsync(nodeId, snapshot.LastSequence, snapshot.Run, CancellationToken.None);
        if (!fleet.Current.Nodes.ContainsKey(nodeId) && await store.FindAsync(nodeId, CancellationToken.None) is { } node)
        {
            fleet.AddIfNew(node);
        }

        fleet.SetSnapshot(nodeId, rules.Bound(nodeId, snapshot));
        portals.Connect(nodeId, session.Agent);
        logs.Connect(nodeId, session.Agent);
        stats.Connect(nodeId, session.Agent);
        return kept;
    }

    public async Task<long> ReportEventsAsync(Guid nodeId, string connectionId, IReadOnlyList<NodeEvent> events)
    {
        Demand(nodeId, connectionId);
        rules.DemandWhole(nodeId, nameof(ITelemetryHub.ReportEvents), events);
        var taken = rules.Bound(nodeId, events);
        var kept = await store.AppendEventsAsync(nodeId, taken, CancellationToken.None);
        signal.Set();
        if (taken.Any(item => item.Type == ImageEvents))
        {
            fleet.TouchImages(nodeId);
        }

        if (taken.Any(item => item.Type == VolumeEvents))
        {
            fleet.TouchVolumes(nodeId);
        }

        if (taken.Any(item => item.Type == NetworkEvents))
        {
            fleet.TouchNetworks(nodeId);
        }

        return kept;
    }

    public void ReportContainers(Guid nodeId, string connectionId, ContainerChanges changes)
    {
        Demand(nodeId, connectionId);
        rules.DemandWhole(nodeId, nameof(ITelemetryHub.ReportContainers), changes);
        if (fleet.Current.Nodes.TryGetValue(nodeId, out var node))
        {
            fleet.SetContainers(nodeId, rules.Bound(nodeId, changes, node.Containers));
        }

        stats.Forget(nodeId, changes.RemovedIds);
    }

    public void ReportNode(Guid nodeId, string connectionId, NodeSample sample)
    {
        Demand(nodeId, connectionId);
        rules.DemandWhole(nodeId, nameof(ITelemetryHub.ReportNode), sample);
        fleet.AddSample(nodeId, sample);
        if (recorder is not null && fleet.Current.Nodes.TryGetValue(nodeId, out var node))
        {
            recorder.Record(node, sample);
        }
    }

    public void ReportStats(Guid nodeId, string connectionId, StatsBatch batch)
    {
        Demand(nodeId, connectionId);
        rules.DemandWhole(nodeId, nameof(ITelemetryHub.ReportStats), batch);
        stats.Take(nodeId, batch);
    }

    public void ReportHistory(Guid nodeId, string connectionId, StatsBatch batch)
    {
        Demand(nodeId, connectionId);
        rules.DemandWhole(nodeId, nameof(ITelemetryHub.ReportHistory), batch);
        if (recorder is not null && fleet.Current.Nodes.TryGetValue(nodeId, out var node))
        {
            recorder.Record(node, batch);
        }
    }

    public void ReportLogs(Guid nodeId, string connectionId, LogBatch batch)
    {
        Demand(nodeId, connectionId);
        rules.DemandWhole(nodeId, nameof(ITelemetryHub.ReportLogs), batch);
        logs.Take(nodeId, batch);
    }

    private TelemetrySession Demand(Guid nodeId, string connectionId)
    {
        return _sessions.TryGetValue(nodeId, out var session) && session.ConnectionId == connectionId
            ? session
            : throw new InvalidOperationException($"Node {nodeId} has a newer telemetry connection than '{connectionId}'.");
    }
}
