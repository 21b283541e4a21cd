using Npgsql;
using Portal.Web.Reconcilers;

namespace Portal.Web.Nodes.Presence;

/// <summary>Hears from the database that a portal has changed the list of nodes or that of portals, this one or another.</summary>
/// <remarks>
/// Singleton; any thread. Notices that came while the connection was gone are lost: once it is back, both are looked at anew.
/// </remarks>
internal sealed partial class FleetNotices(NpgsqlDataSource database, TimeProvider time, ILogger<FleetNotices> logger) : BackgroundService
{
    private const string NodesChannel = "portal_nodes";
    private const string PortalsChannel = "portal_portals";
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    public WorkSignal Nodes { get; } = new Signal();

    public WorkSignal Portals { get; } = new Signal();

    public override void Dispose()
    {
        base.Dispose();
        Nodes.Dispose();
        Portals.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogFailed(failure);
                await Task.Delay(s_pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notice) => (notice.Channel == NodesChannel ? Nodes : Portals).Set();
        await using (var listen = new NpgsqlCommand($"listen {NodesChannel}; listen {PortalsChannel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        Nodes.Set();
        Portals.Set();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    [LoggerMessage(2192, LogLevel.Warning, "Changes by other portals can't be heard of now; trying again")]
    private partial void LogFailed(Exception failure);

    private sealed class Signal : WorkSignal;
}
