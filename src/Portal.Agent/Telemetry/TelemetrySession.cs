using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Portal.Contracts.Hubs;
using Portal.Engine.Errors;
using Portal.Engine.Events;

namespace Portal.Agent.Telemetry;

/// <summary>One telemetry connection: the snapshot first, then all that changes and all that is asked for, until
/// the connection is over.</summary>
internal sealed partial class TelemetrySession : IAsyncDisposable
{
    private const int EventsInBatch = 500;
    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_nodeInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    private readonly HubConnection _hub;
    private readonly TelemetrySources _sources;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _ended = new();
    private readonly LogWatches _logs;
    private readonly StatsWatch _stats;
    private readonly HistoryUplink _history;

    public TelemetrySession(
        HubConnection hub, TelemetrySources sources, ILogger logger, Action<IReadOnlyList<Guid>>? toldPortals = null)
    {
        _hub = hub;
        _sources = sources;
        _logger = logger;
        _logs = new LogWatches(sources, batch => _hub.InvokeAsync(nameof(ITelemetryHub.ReportLogs), batch, _ended.Token), logger);
        _stats = new StatsWatch(sources, batch => _hub.InvokeAsync(nameof(ITelemetryHub.ReportStats), batch, _ended.Token));
        _history = new HistoryUplink(
            sources, batch => _hub.InvokeAsync(nameof(ITelemetryHub.ReportHistory), batch, _ended.Token), logger);
        hub.On<LogSubscription>(nameof(ITelemetryAgent.WatchLogs), subscription => _logs.Begin(subscription, _ended.Token));
        hub.On<string>(nameof(ITelemetryAgent.UnwatchLogs), _logs.End);
        hub.On<IReadOnlyList<string>>(nameof(ITelemetryAgent.WatchStats), _stats.Watch);
        if (toldPortals is not null)
        {
            hub.On(nameof(ITelemetryAgent.SetPortals), toldPortals);
        }

        hub.Closed += _ => _ended.CancelAsync();
    }

    /// <summary>Runs until the connection is over.</summary>
    /// <param name="announced">Called when the portal has taken the snapshot.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action announced, CancellationToken cancellationToken)
    {
        await _hub.StartAsync(cancellationToken).ConfigureAwait(false);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        var snapshot = await SnapshotAsync(linked.Token).ConfigureAwait(false);
        var kept = await _hub
            .InvokeAsync<long>(nameof(ITelemetryHub.Announce), snapshot, linked.Token).ConfigureAwait(false);
        announced();

        // The first that ends, by the connection's end or by a failure, ends all.
        Task[] pumps =
        [
            SendEventsAsync(kept, linked.Token),
            SendContainersAsync(snapshot.LastSequence, linked.Token),
            SendNodeAsync(linked.Token),
            _stats.RunAsync(linked.Token),
            _history.RunAsync(linked.Token),
        ];
        var first = await Task.WhenAny(pumps).ConfigureAwait(false);
        await linked.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(pumps).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _hub.DisposeAsync().ConfigureAwait(false);
        await _logs.DisposeAsync().ConfigureAwait(false);
        _ended.Dispose();
    }

    private async Task<NodeSnapshot> SnapshotAsync(CancellationToken cancellationToken)
    {
        // The number before the list: an event between the two is told again as a change, never missed.
        var last = _sources.Events.LastSequence;
        var (facts, _) = await _sources.Description.ReadAsync(cancellationToken).ConfigureAwait(false);
        var containers = await _sources.Containers.ListAsync(all: true, cancellationToken).ConfigureAwait(false);
        var length = TelemetryBounds.Container(containers.Count);
        return new NodeSnapshot(last, facts, [.. containers.Select(container => TelemetryMapping.ToView(container, length))])
        {
            Run = _sources.Run,
        };
    }

    private async Task SendEventsAsync(long kept, CancellationToken cancellationToken)
    {
        var batches = _sources.Events.ReadAsync(kept, cancellationToken)
            .InBatchesAsync(EventsInBatch, s_window, _sources.Time, cancellationToken);
        await foreach (var batch in batches.ConfigureAwait(false))
        {
            await SendEventsAsync([.. batch.Select(TelemetryMapping.ToEvent)], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendEventsAsync(IReadOnlyList<NodeEvent> events, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await _hub.InvokeAsync<long>(nameof(ITelemetryHub.ReportEvents), events, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (HubException failure)
            {
                // The portal can't keep them now, as while its database restarts. The same events again lose none.
                LogEventsNotTaken(_logger, failure);
                await Task.Delay(s_retryDelay, _sources.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task SendContainersAsync(long after, CancellationToken cancellationToken)
    {
        var batches = _sources.Events.ReadAsync(after, cancellationToken)
            .InBatchesAsync(EventsInBatch, s_window, _sources.Time, cancellationToken);
        await foreach (var batch in batches.ConfigureAwait(false))
        {
            var touched = batch
                .Where(engineEvent => engineEvent.Type == EngineEventType.Container && ChangesContainer(engineEvent.Action))
                .Select(engineEvent => engineEvent.ActorId)
                .Distinct(StringComparer.Ordinal)
                .ToArray();
            if (touched.Length > 0)
            {
                var changes = await ReadChangesAsync(touched, cancellationToken).ConfigureAwait(false);
                await _hub
                    .InvokeAsync(nameof(ITelemetryHub.ReportContainers), changes, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<ContainerChanges> ReadChangesAsync(string[] containerIds, CancellationToken cancellationToken)
    {
        var changed = new List<ContainerView>();
        var removed = new List<string>();
        foreach (var containerId in containerIds)
        {
            try
            {
                var container = await _sources.Containers.InspectAsync(containerId, cancellationToken).ConfigureAwait(false);
                changed.Add(TelemetryMapping.ToView(container, TelemetryBounds.Container(containerIds.Length)));
            }
            catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
            {
                removed.Add(containerId);
            }
        }

        return new ContainerChanges(changed, removed);
    }

    private async Task SendNodeAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_nodeInterval, _sources.Time);
        do
        {
            var sample = TelemetryMapping.ToSample(_sources.StatsReader.ReadHost());
            await _hub.InvokeAsync(nameof(ITelemetryHub.ReportNode), sample, cancellationToken).ConfigureAwait(false);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    // What happens beside a container leaves its row as it is.
    private static bool ChangesContainer(string action) =>
        !action.StartsWith("exec_", StringComparison.Ordinal) && action is not ("attach" or "detach" or "resize" or "top");

    [LoggerMessage(3301, LogLevel.Warning, "The portal did not take events; they are sent again.")]
    private static partial void LogEventsNotTaken(ILogger logger, Exception failure);
}
