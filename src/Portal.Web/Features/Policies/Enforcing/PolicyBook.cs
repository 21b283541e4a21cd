using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Policies;
using Portal.Data;

namespace Portal.Web.Features.Policies.Enforcing;

/// <summary>Finds which policies apply where, as they are in the database now.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class PolicyBook(IDbContextFactory<PortalDbContext> contexts, SignatureAgents agents)
{
    private const string VersionKey = "policies.version";

    /// <summary>Those that apply to a node: its own, its environment's, and everybody's.</summary>
    public async Task<IReadOnlyList<Policy>> ReadAsync(Guid nodeId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await ReadAsync(database, agents, nodeId, cancellationToken);
    }

    /// <summary>The same.</summary>
    public static async Task<IReadOnlyList<Policy>> ReadAsync(
        PortalDbContext database, SignatureAgents agents, Guid nodeId, CancellationToken cancellationToken)
    {
        var rows = await database.Policies.AsNoTracking()
            .Where(row => (row.NodeId == null && row.EnvironmentId == null)
                || row.NodeId == nodeId
                || database.Nodes.Any(node => node.Id == nodeId && node.EnvironmentId == row.EnvironmentId && row.EnvironmentId != null))
            .OrderBy(row => row.Name).ToListAsync(cancellationToken);
        return agents.Mark(nodeId, [.. rows.Select(row => PolicyEntry.Of(row).ToPolicy())]);
    }

    /// <summary>All of them, the version, and the environment of each node that is in one.</summary>
    public async Task<PolicySnapshot> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var version = await database.Settings.AsNoTracking().Where(row => row.Key == VersionKey).Select(row => row.Value)
            .SingleOrDefaultAsync(cancellationToken);
        var rows = await database.Policies.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellationToken);
        var environments = rows.Exists(row => row.EnvironmentId is not null)
            ? await database.Nodes.AsNoTracking().Where(node => node.EnvironmentId != null)
                .ToDictionaryAsync(node => node.Id, node => node.EnvironmentId!.Value, cancellationToken)
            : [];
        return new PolicySnapshot(
            long.TryParse(version, CultureInfo.InvariantCulture, out var number) ? number : 0,
            [.. rows.Select(PolicyEntry.Of)],
            environments);
    }

    /// <summary>Counts a change; within the transaction that makes it, and that no other runs beside.</summary>
    public static async Task RaiseVersionAsync(PortalDbContext database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = await database.Settings.SingleOrDefaultAsync(row => row.Key == VersionKey, cancellationToken);
        if (row is null)
        {
            row = new Data.Entities.Setting { Key = VersionKey, Value = "0" };
            database.Settings.Add(row);
        }

        var version = long.Parse(row.Value, CultureInfo.InvariantCulture) + 1;
        (row.Value, row.UpdatedAt) = (version.ToString(CultureInfo.InvariantCulture), now);
    }
}
