using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Data;
using Portal.Web.Nodes;
using Portal.Web.Reconcilers;

namespace Portal.Web.Features.Deployments.Spreading;

/// <summary>
/// Writes down since when nodes are away, in one portal. Every portal reads it as it begins, so that a restart of the portal puts off
/// nothing of what is due when a node is lost.
/// </summary>
internal sealed class AwayNodeKeeper(
    NpgsqlDataSource database,
    IDbContextFactory<PortalDbContext> contexts,
    IFleet fleet,
    LostNodes lost,
    TimeProvider time,
    ILogger<AwayNodeKeeper> logger)
    : SoleWorker(database, LockKey, TimeSpan.FromSeconds(5), time, logger)
{
    // "away" in ASCII.
    private const long LockKey = 0x61776179;

    // Links of all nodes are made anew when a portal begins, and single ones now and then: that is not worth writing down.
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(10);
    private readonly TimeProvider _time = time;

    protected override string Name => "writing down since when nodes are away";

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Has this portal go on counting where others ended.</summary>
    internal async Task ReadAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        lost.Continue(await database.Nodes.Where(node => node.AwaySince != null)
            .ToDictionaryAsync(node => node.Id, node => node.AwaySince!.Value, cancellationToken));
    }

    /// <summary>Writes down what has changed.</summary>
    internal Task WriteAsync(CancellationToken cancellationToken) => RunRoundAsync(cancellationToken);

    protected override async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var (nodes, now) = (fleet.Current.Nodes, _time.GetUtcNow());
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await database.Nodes.Where(node => node.AwaySince != null)
            .ToDictionaryAsync(node => node.Id, node => node.AwaySince!.Value, cancellationToken);
        var back = known.Keys.Where(id => nodes.GetValueOrDefault(id)?.Presence == NodePresence.Online).ToArray();
        if (back.Length > 0)
        {
            await database.Nodes.Where(node => back.Contains(node.Id))
                .ExecuteUpdateAsync(change => change.SetProperty(node => node.AwaySince, (DateTimeOffset?)null), cancellationToken);
        }

        // A later time than is known means that it was back meanwhile. The database keeps less of a second than the clock has.
        var away = nodes.Values.Where(node => node.Presence == NodePresence.Offline)
            .Select(node => (node.Id, Since: lost.AwaySince(node)))
            .Where(node => now - node.Since >= s_settled)
            .Where(node => !known.TryGetValue(node.Id, out var since) || node.Since - since > TimeSpan.FromSeconds(1))
            .ToArray();
        if (away.Length > 0)
        {
            var (ids, times) = (away.Select(node => node.Id).ToArray(), away.Select(node => node.Since).ToArray());
            await database.Database.ExecuteSqlAsync($"""
                update nodes set away_since = away.since
                from unnest({ids}, {times}) as away (id, since) where nodes.id = away.id
                """, cancellationToken);
        }
    }
}
