namespace Portal.Contracts.Hubs;

/// <summary>What the portal asks of an agent over SignalR. Every request may be repeated; after a reconnect the portal repeats those that still hold.</summary>
public interface ITelemetryAgent
{
    /// <summary>Send a container's log from now on, beginning with its last lines.</summary>
    Task WatchLogs(LogSubscription subscription);

    /// <summary>Nobody watches that log any more.</summary>
    Task UnwatchLogs(string subscriptionId);

    /// <summary>Send these containers' counters once a second; replaces what was asked before. Empty for none.</summary>
    Task WatchStats(IReadOnlyList<string> containerIds);

    /// <summary>These portals share the database: keep a link to each. Replaces what was told before; agents that know one portal only
    /// pass it over.</summary>
    Task SetPortals(IReadOnlyList<Guid> portalIds);
}
