using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Overlays;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Features.Overlays.Telling;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Overlays;

/// <summary>Lists, makes and removes networks that span nodes. They count where they are: on their environment, or on everything.</summary>
/// <remarks>Singleton; any thread. What the nodes have follows, by <see cref="OverlayWorker"/>.</remarks>
internal sealed class OverlayDirectory(
    IDbContextFactory<PortalDbContext> contexts,
    IAuthorizer authorizer,
    IAuditLog audit,
    IFleet fleet,
    OverlayMaker maker,
    OverlaySignal signal)
{
    /// <summary>Those that the user may see, by name.</summary>
    public async Task<IReadOnlyList<OverlayLine>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await database.OverlayNetworks.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellationToken);
        var members = (await database.OverlayMembers.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(member => member.NetworkId);
        var nodes = fleet.Current.Nodes;
        return [.. rows.Where(row => access.Allows(PermissionNames.NetworksView, ScopeOf(row))).Select(row => new OverlayLine(
            row.Id, OverlayAddresses.EngineId(row.Id), row.Name, row.Vni, row.Port, row.Subnet, row.IsInternal, row.EnvironmentId,
            row.CreatedAt, row.AuthorName, row.IsRemoving,
            [.. members[row.Id].Select(member => Show(row, member)).OrderBy(line => line.NodeName, StringComparer.OrdinalIgnoreCase)]))];

        OverlayNodeLine Show(OverlayNetwork row, OverlayMember member)
        {
            var node = nodes.GetValueOrDefault(member.NodeId);
            return new OverlayNodeLine(
                member.NodeId, node?.Name ?? "", OverlayAddresses.Range(row, member.Block).ToString(), member.NodeAddress,
                node?.Presence == NodePresence.Online, OverlayTables.Containers(member).Count(), member.Problem);
        }
    }

    /// <summary>Makes one; its nodes get it one after another.</summary>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="OverlayException">It is wrong; the message says all that is.</exception>
    public async Task<Guid> CreateAsync(ClaimsPrincipal user, OverlayDraft draft, CancellationToken cancellationToken)
    {
        var scope = draft.EnvironmentId is { } environment ? AccessScope.Environment(environment) : AccessScope.Everything;
        var actor = await authorizer.EnsureAsync(user, PermissionNames.NetworksCreate, scope, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await maker.CreateAsync(database, draft, actor.UserName, null, cancellationToken);
        await RecordAsync(actor, "network.create", row, $"overlay {row.Subnet}");
        signal.Set();
        return row.Id;
    }

    /// <summary>Begins to remove one: it goes from each node that answers, then from the list.</summary>
    /// <returns>False when there is none that the user may see.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    /// <exception cref="OverlayException">Containers are on it.</exception>
    public async Task<bool> RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await database.OverlayNetworks.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (row is null || !await authorizer.IsAllowedAsync(user, PermissionNames.NetworksView, ScopeOf(row), cancellationToken))
        {
            return false;
        }

        var actor = await authorizer.EnsureAsync(user, PermissionNames.NetworksRemove, ScopeOf(row), cancellationToken);
        var members = await database.OverlayMembers.AsNoTracking().Where(member => member.NetworkId == id).ToListAsync(cancellationToken);
        var users = members
            .Select(member => (
                Node: fleet.Current.Nodes.GetValueOrDefault(member.NodeId)?.Name ?? member.NodeId.ToString(),
                Names: OverlayTables.Containers(member).ToArray()))
            .Where(found => found.Names.Length > 0)
            .Select(found => $"{string.Join(", ", found.Names.Take(5))} on {found.Node}")
            .ToArray();
        if (users.Length > 0)
        {
            throw new OverlayException(
                E("Containers are on network '{0}': {1}. Take them off it first.", row.Name, string.Join("; ", users.Take(5))));
        }

        row.IsRemoving = true;
        await database.SaveChangesAsync(cancellationToken);
        await RecordAsync(actor, "network.remove", row, "overlay");
        signal.Set();
        return true;
    }

    private Task RecordAsync(Actor actor, string action, OverlayNetwork row, string detail) => audit.WriteAsync(
        new AuditEntry(actor, action, "network", row.Id.ToString(), row.Name, null, AuditOutcome.Succeeded, detail),
        CancellationToken.None);

    private static AccessScope ScopeOf(OverlayNetwork row) => AccessScope.From(row.EnvironmentId, null);
}
