using Microsoft.AspNetCore.SignalR;
using Portal.Contracts.Hubs;

namespace Portal.Agent.Telemetry;

/// <summary>Sends the counters of all running containers every ten seconds, watched or not: the portal keeps them.</summary>
internal sealed partial class HistoryUplink(TelemetrySources sources, Func<StatsBatch, Task> send, ILogger logger)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HubException failure)
        {
            // An older portal keeps none. All else on this connection goes on; the next one tries again.
            LogNotKept(logger, failure);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        await foreach (var round in sources.Stats.WatchAllAsync(s_interval, cancellationToken).ConfigureAwait(false))
        {
            if (round.Count > 0)
            {
                await send(new StatsBatch([.. round.Select(TelemetryMapping.ToSample)])).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(3330, LogLevel.Information, "The portal takes no statistics to keep; it may be older than this agent.")]
    private static partial void LogNotKept(ILogger logger, Exception failure);
}
