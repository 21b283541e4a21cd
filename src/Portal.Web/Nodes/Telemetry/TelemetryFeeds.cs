using Portal.Contracts.Hubs;

namespace Portal.Web.Nodes.Telemetry;

internal sealed class TelemetryFeeds(LogFeeds logs, StatsFeeds stats) : ITelemetry
{
    public IAsyncEnumerable<LogBatch> WatchLogsAsync(
        Guid nodeId, string containerId, int tail, CancellationToken cancellationToken) =>
        logs.WatchAsync(nodeId, containerId, tail, cancellationToken);

    public IAsyncEnumerable<StatsSample> WatchStatsAsync(
        Guid nodeId, string containerId, CancellationToken cancellationToken) =>
        stats.WatchAsync(nodeId, containerId, cancellationToken);
}
