using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Compose.Placing;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Access.Changes;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Presence;
using Portal.Web.Nodes.Storage;

namespace Portal.Web.Features.Environments;

/// <summary>Lists, makes, changes and deletes environments, and moves nodes between them.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class EnvironmentDirectory(
    IDbContextFactory<PortalDbContext> contexts,
    AccessChanges changes,
    IAuthorizer authorizer,
    INodeStore store,
    IFleet fleet,
    Fleet picture,
    TimeProvider time)
{
    private const int LongestDescription = 512;
    private const string Gone = "There is no such environment any more.";

    /// <summary>Those on which the user may see nodes, or in which there is one that they may see; all of them for who manages them.</summary>
    public async Task<IReadOnlyList<EnvironmentEntry>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await database.Environments.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellationToken);
        var nodes = (await database.Nodes.Where(node => node.EnvironmentId != null)
            .Select(node => new { node.Id, node.EnvironmentId }).ToListAsync(cancellationToken)).ToLookup(node => node.EnvironmentId);
        var all = access.Allows(PermissionNames.EnvironmentsManage, AccessScope.Everything);
        return [.. rows
            .Where(row => all
                || access.Allows(PermissionNames.NodesView, AccessScope.Environment(row.Id))
                || nodes[row.Id].Any(node => access.Allows(PermissionNames.NodesView, AccessScope.Node(node.Id))))
            .Select(row => new EnvironmentEntry(row.Id, row.Name, row.Color, row.Description, nodes[row.Id].Count()))];
    }

    /// <summary>The nodes that the user may see, by name.</summary>
    public async Task<IReadOnlyList<NodeState>> VisibleNodesAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        return [.. fleet.Current.Nodes.Values
            .Where(node => access.Allows(PermissionNames.NodesView, AccessScope.Node(node.Id)))
            .OrderBy(node => node.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Makes an environment, or changes the one with the id.</summary>
    public async Task<AccessChange> SaveAsync(
        ClaimsPrincipal user, Guid? id, string name, string color, string description, CancellationToken cancellationToken)
    {
        name = name.Trim();
        var action = id is null ? "environment.create" : "environment.update";
        var outcome = await changes.RunAsync(user, PermissionNames.EnvironmentsManage, action, async work =>
        {
            var now = time.GetUtcNow();
            var environmentId = id ?? Guid.CreateVersion7(now);
            work.Describe("environment", environmentId, name);
            var row = id is null
                ? new NodeEnvironment { Id = environmentId, CreatedAt = now }
                : await work.Database.Environments.SingleOrDefaultAsync(row => row.Id == environmentId, cancellationToken);
            var names = await work.Database.Environments.Where(row => row.Id != environmentId).Select(row => row.Name)
                .ToListAsync(cancellationToken);
            var problem = !Names().IsMatch(name)
                    ? N("A name has 1 to 63 letters, digits, dots, hyphens or underscores, and begins with a letter or digit.")
                : !EnvironmentColors.All.Contains(color) ? N("Choose a colour.")
                : description.Length > LongestDescription ? E("A description has up to {0} characters.", LongestDescription)
                : names.Contains(name, StringComparer.OrdinalIgnoreCase) ? E("There is an environment '{0}' already.", name)
                : row is null ? Gone
                : null;
            if (problem is not null)
            {
                return new AccessChange(problem);
            }

            work.Describe("environment", environmentId, name, id is null || row!.Name == name ? "" : $"was '{row.Name}'");
            (row!.Name, row.Color, row.Description) = (name, color, description.Trim());
            if (id is null)
            {
                work.Database.Environments.Add(row);
            }

            return new AccessChange(null, environmentId);
        }, cancellationToken);
        await ShowAsync(cancellationToken);
        return outcome;
    }

    /// <summary>Deletes an environment with the grants on it and the tokens to join it.</summary>
    /// <param name="user">Who does.</param>
    /// <param name="id">The environment.</param>
    /// <param name="moveTo">Where its nodes go: another environment, or <see cref="Guid.Empty"/> for none. Null refuses while there are any.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<AccessChange> RemoveAsync(ClaimsPrincipal user, Guid id, Guid? moveTo, CancellationToken cancellationToken)
    {
        var outcome = await changes.RunAsync(user, PermissionNames.EnvironmentsManage, "environment.delete", async work =>
        {
            var row = await work.Database.Environments.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            if (row is null)
            {
                return AccessChange.Done;
            }

            var nodes = await work.Database.Nodes.Where(node => node.EnvironmentId == id).ToListAsync(cancellationToken);
            work.Describe("environment", id, row.Name, string.Join(' ', nodes.Select(node => node.Name)));
            if (nodes.Count > 0 && moveTo is null)
            {
                return new AccessChange(nodes.Count == 1
                    ? E("'{0}' holds {1} node: move them first.", row.Name, nodes.Count)
                    : E("'{0}' holds {1} nodes: move them first.", row.Name, nodes.Count));
            }

            if (await work.Database.OverlayNetworks.AnyAsync(network => network.EnvironmentId == id, cancellationToken))
            {
                return new AccessChange(E("'{0}' has overlay networks: remove them first.", row.Name));
            }

            if (await work.Database.Stacks.Where(stack => stack.EnvironmentId == id).Select(stack => stack.Name)
                .FirstOrDefaultAsync(cancellationToken) is { } stack)
            {
                return new AccessChange(E("The stack '{0}' is spread over '{1}': delete it first.", stack, row.Name));
            }

            foreach (var node in nodes)
            {
                if (await MoveAsync(work, node, moveTo, cancellationToken) is { } problem)
                {
                    return new AccessChange(problem);
                }
            }

            work.Database.Environments.Remove(row);
            return AccessChange.Done;
        }, cancellationToken);
        await ShowAsync(cancellationToken);
        return outcome;
    }

    /// <summary>Moves a node into an environment, or out of all for null. Who has roles there gets them on the node.</summary>
    public async Task<AccessChange> PlaceAsync(ClaimsPrincipal user, Guid nodeId, Guid? environmentId, CancellationToken cancellationToken)
    {
        var outcome = await changes.RunAsync(user, PermissionNames.EnvironmentsManage, "node.move", async work =>
        {
            var node = await work.Database.Nodes.SingleOrDefaultAsync(node => node.Id == nodeId, cancellationToken);
            if (node is null)
            {
                return new AccessChange(N("There is no such node any more."));
            }

            var name = environmentId is null ? "no environment" : await work.Database.Environments
                .Where(row => row.Id == environmentId).Select(row => row.Name).SingleOrDefaultAsync(cancellationToken);
            work.Describe("node", nodeId, node.Name, $"to {name}", nodeId);
            return new AccessChange(name is null ? Gone : await MoveAsync(work, node, environmentId, cancellationToken));
        }, cancellationToken);
        await ShowAsync(cancellationToken);
        return outcome;
    }

    // Brings what the database says into the picture that pages show.
    private async Task ShowAsync(CancellationToken cancellationToken)
    {
        var nodes = await store.ListAsync(cancellationToken);
        picture.Place(nodes);
    }

    private static async Task<string?> MoveAsync(
        AccessWork work, Data.Entities.Node node, Guid? environmentId, CancellationToken cancellationToken)
    {
        var target = environmentId == Guid.Empty ? null : environmentId;
        if (node.EnvironmentId == target)
        {
            return null;
        }

        // Its replicas would start elsewhere, and run on here.
        var stacks = await work.Database.Stacks.Where(stack => stack.EnvironmentId != null && stack.EnvironmentId == node.EnvironmentId)
            .Select(stack => new { stack.Name, stack.Placement }).ToListAsync(cancellationToken);
        if (stacks.Find(stack => StackPlacement.FromJson(stack.Placement).Replicas.Any(replica => replica.Node == node.Id)) is { } there)
        {
            return E("'{0}' has replicas of the stack '{1}', which is spread over its environment: drain the node first, or "
                + "remove the stack.", node.Name, there.Name);
        }

        // Where the stack is not looked for any more, nothing would stop it.
        if (await work.Database.MissedMoves.Where(row => row.NodeId == node.Id)
            .Join(work.Database.Stacks, row => row.StackId, stack => stack.Id, (_, stack) => stack.Name)
            .FirstOrDefaultAsync(cancellationToken) is { } missed)
        {
            return E("'{0}' was lost while the stack '{1}' was stopped or removed, and is to make up for that when it is back.", node.Name, missed);
        }

        // Whoever has a role on the environment gets it on the node: that is handing it out.
        var keys = await work.Database.Grants.Where(grant => target != null && grant.EnvironmentId == target)
            .Select(grant => grant.Role).Distinct().ToListAsync(cancellationToken);
        foreach (var key in keys)
        {
            if (await CustomRoles.FindAsync(work.Database, key, cancellationToken) is { } role
                && HandingOut.Refuse(work.Own, role, AccessScope.Node(node.Id)) is { } problem)
            {
                return problem;
            }
        }

        node.EnvironmentId = target;
        return null;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Names();
}
