using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>
/// What a node may report. A message that lacks something is refused as a whole; of more than a portal with many nodes can hold, the
/// first is taken and the rest left out. Both are logged, once a minute and node at most: a node must not fill the disk with its
/// mistakes.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class TelemetryRules(TimeProvider time, ILogger<TelemetryRules> logger)
{
    /// <summary>Containers of one node that are shown.</summary>
    public const int MostContainers = 10_000;

    /// <summary>Events of one report that are kept; the node sends the others again.</summary>
    public const int MostEvents = 1000;

    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<(Guid NodeId, string What), DateTimeOffset> _logged = new();

    /// <summary>Refuses a message with a gap.</summary>
    /// <exception cref="HubException">Told to the node: what is missing.</exception>
    public void DemandWhole(Guid nodeId, string call, object? message)
    {
        if (MissingMembers.Find(message) is not { } missing)
        {
            return;
        }

        if (MayLog(nodeId, call))
        {
            LogIncomplete(nodeId, call, missing);
        }

        throw new HubException($"The message '{call}' lacks '{missing}'. Nothing of it was taken.");
    }

    /// <summary>The snapshot with no more containers than are shown, each once.</summary>
    public NodeSnapshot Bound(Guid nodeId, NodeSnapshot snapshot)
    {
        var containers = snapshot.Containers.DistinctBy(container => container.Id).Take(MostContainers).ToList();
        NoteLeftOut(nodeId, snapshot.Containers.Count - containers.Count);
        return snapshot with { Containers = containers };
    }

    /// <summary>The changes without new containers for which there is no room.</summary>
    /// <param name="nodeId">The node.</param>
    /// <param name="changes">What it reports.</param>
    /// <param name="known">The containers that it has told of before, by id.</param>
    public ContainerChanges Bound(Guid nodeId, ContainerChanges changes, IReadOnlyDictionary<string, ContainerView> known)
    {
        if (known.Count + changes.Changed.Count <= MostContainers)
        {
            return changes;
        }

        var left = known.Keys.Except(changes.RemovedIds).ToHashSet();
        var taken = new List<ContainerView>();
        foreach (var container in changes.Changed)
        {
            if (left.Contains(container.Id) || left.Count < MostContainers)
            {
                left.Add(container.Id);
                taken.Add(container);
            }
        }

        NoteLeftOut(nodeId, changes.Changed.Count - taken.Count);
        return changes with { Changed = taken };
    }

    /// <summary>The first of the events, as many as are kept at a time.</summary>
    public IReadOnlyList<NodeEvent> Bound(Guid nodeId, IReadOnlyList<NodeEvent> events)
    {
        if (events.Count <= MostEvents)
        {
            return events;
        }

        if (MayLog(nodeId, "events"))
        {
            LogTooManyEvents(nodeId, events.Count, MostEvents);
        }

        return [.. events.OrderBy(item => item.Sequence).Take(MostEvents)];
    }

    private void NoteLeftOut(Guid nodeId, int count)
    {
        if (count > 0 && MayLog(nodeId, "containers"))
        {
            LogTooManyContainers(nodeId, count, MostContainers);
        }
    }

    private bool MayLog(Guid nodeId, string what)
    {
        var now = time.GetUtcNow();
        var last = _logged.GetValueOrDefault((nodeId, what));
        if (now - last < s_quiet)
        {
            return false;
        }

        _logged[(nodeId, what)] = now;
        return true;
    }

    [LoggerMessage(
        2150, LogLevel.Warning, "Node {NodeId} sent a message '{Call}' without '{Missing}'. It was refused; is its agent broken?")]
    private partial void LogIncomplete(Guid nodeId, string call, string missing);

    [LoggerMessage(
        2151,
        LogLevel.Warning,
        "Node {NodeId} reports {Count} containers above the {Limit} that are shown of a node, or the same one twice. They are left out of "
            + "lists; docker on the node shows them.")]
    private partial void LogTooManyContainers(Guid nodeId, int count, int limit);

    [LoggerMessage(2152, LogLevel.Warning, "Node {NodeId} sent {Count} events at once. The first {Limit} were taken.")]
    private partial void LogTooManyEvents(Guid nodeId, int count, int limit);
}
