using Npgsql;
using Portal.Web.Nodes.Link;
using Portal.Web.Nodes.Storage;
using Portal.Web.Nodes.Telemetry;

namespace Portal.Web.Nodes.Presence;

/// <summary>
/// Fills the picture with the nodes of the database, as soon as the database answers, and keeps it fresh: another portal may take nodes in,
/// rename, move and remove them.
/// </summary>
internal sealed partial class FleetLoader(
    INodeStore store, Fleet fleet, NodeKeys keys, NodeLinks links, TelemetrySessions sessions, FleetNotices notices, TimeProvider time,
    ILogger<FleetLoader> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    // The database tells of changes; this is for those that got lost with a connection.
    private static readonly TimeSpan s_refreshDelay = TimeSpan.FromSeconds(15);

    /// <summary>Before the portal answers anybody: one that knows no nodes yet would say that they don't exist.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LoadAsync(cancellationToken);
        }
        catch (NpgsqlException failure)
        {
            LogWaiting(failure);
        }

        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await LoadAsync(stoppingToken);
                await notices.Nodes.WaitAsync(s_refreshDelay, stoppingToken);
            }
            catch (NpgsqlException failure)
            {
                LogWaiting(failure);
                await Task.Delay(s_retryDelay, time, stoppingToken);
            }
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        // Before the list is read: one that joins here meanwhile is in neither.
        var known = fleet.Current.Nodes;
        var nodes = await store.ListAsync(cancellationToken);
        var renamed = nodes.Where(node => known.GetValueOrDefault(node.Id)?.Name != node.Name);
        fleet.AddOrRename(renamed.Select(node => (node.Id, node.Name)));
        RemoveAllBut(nodes, known.Keys);
        fleet.Place(nodes);
        keys.CutForeign(nodes);
    }

    private void RemoveAllBut(IEnumerable<NodeRecord> nodes, IEnumerable<Guid> known)
    {
        foreach (var removed in known.Except(nodes.Select(node => node.Id)))
        {
            links.Cut(removed);
            sessions.Cut(removed);
            fleet.Remove(removed);
        }
    }

    [LoggerMessage(2120, LogLevel.Warning, "The nodes could not be read from the database; it is tried again.")]
    private partial void LogWaiting(Exception failure);
}
