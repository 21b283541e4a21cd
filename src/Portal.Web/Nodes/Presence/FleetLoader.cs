using Npgsql;
using Portal.Web.Nodes.Link;
using Portal.Web.Nodes.Storage;

namespace Portal.Web.Nodes.Presence;

/// <summary>Fills the picture with the nodes of the database at start, as soon as the database answers, and keeps where they belong fresh.</summary>
internal sealed partial class FleetLoader(
    INodeStore store, Fleet fleet, NodeKeys keys, TimeProvider time, ILogger<FleetLoader> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);

    // Another portal may have moved a node or changed its labels.
    private static readonly TimeSpan s_refreshDelay = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loaded = false;
        while (true)
        {
            try
            {
                var nodes = await store.ListAsync(stoppingToken);
                if (!loaded)
                {
                    fleet.AddOrRename(nodes.Select(node => (node.Id, node.Name)));
                }

                loaded = true;
                fleet.Place(nodes);
                keys.CutForeign(nodes);
                await Task.Delay(s_refreshDelay, time, stoppingToken);
            }
            catch (NpgsqlException failure)
            {
                LogWaiting(failure);
                await Task.Delay(s_retryDelay, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(2120, LogLevel.Warning, "The nodes could not be read from the database; it is tried again.")]
    private partial void LogWaiting(Exception failure);
}
