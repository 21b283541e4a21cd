namespace Portal.Contracts.Hubs;

/// <summary>
/// What an agent tells the portal over SignalR: all that is watched. The portal asks through <see cref="ITelemetryAgent"/>.
/// </summary>
/// <remarks>
/// One connection an agent and portal. Presence is not told here: it is the link itself. An agent awaits each call before the
/// next of the same kind, so at most one batch a subscription is under way and a slow portal holds the sender up, not its memory.
/// </remarks>
public interface ITelemetryHub
{
    /// <summary>
    /// The first call on a connection: the agent's containers as they are now, complete, and the number of the last event that they include.
    /// </summary>
    /// <returns>The number of the last event of this node that the portal has kept; the agent sends all above it.</returns>
    Task<long> Announce(NodeSnapshot snapshot);

    /// <summary>Events, in order, without gaps in their numbers unless the agent no longer has them.</summary>
    /// <returns>The number of the last event that is now kept.</returns>
    Task<long> ReportEvents(IReadOnlyList<NodeEvent> events);

    /// <summary>Containers that are new or have changed, and ids of those that are gone.</summary>
    Task ReportContainers(ContainerChanges changes);

    /// <summary>The host's counters; every two seconds while the link is up.</summary>
    Task ReportNode(NodeSample sample);

    /// <summary>Counters of the containers that somebody watches.</summary>
    Task ReportStats(StatsBatch batch);

    /// <summary>
    /// Counters of all running containers, every ten seconds, although nobody watches: for the history. Portals before 0.2 lack this method;
    /// an agent that hears so stops until its next connection.
    /// </summary>
    Task ReportHistory(StatsBatch batch);

    /// <summary>Lines of a log that somebody watches.</summary>
    Task ReportLogs(LogBatch batch);
}
