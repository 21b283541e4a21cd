using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes;

/// <summary>
/// Live logs and counters of containers, streamed up by agents while somebody looks. Many views of one container share one subscription to
/// the agent; when the last one goes, the agent stops sending.
/// </summary>
public interface ITelemetry
{
    /// <summary>
    /// A container's log: its last lines, then each batch as it comes. Goes on by itself after a cut of the link, without
    /// losing or doubling lines where the agent still has them. A reader that is too slow misses lines, which the batch counts.
    /// </summary>
    IAsyncEnumerable<LogBatch> WatchLogsAsync(Guid nodeId, string containerId, int tail, CancellationToken cancellationToken);

    /// <summary>A container's counters, once a second while it runs: up to five minutes of what is
    /// remembered, then each as it comes.</summary>
    IAsyncEnumerable<StatsSample> WatchStatsAsync(Guid nodeId, string containerId, CancellationToken cancellationToken);
}
