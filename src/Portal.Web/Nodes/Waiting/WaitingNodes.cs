using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Nodes.Presence;
using Portal.Web.Nodes.Storage;

namespace Portal.Web.Nodes.Waiting;

/// <summary>Hosts that ask to become nodes, for those who manage nodes where they would come to.</summary>
internal sealed class WaitingNodes(WaitingNodeStore store, IAuthorizer authorizer, Fleet fleet, IAuditLog audit, TimeProvider time)
{
    private static readonly string s_gone = N("This host does not wait any more: somebody else has decided.");

    /// <summary>Those that the user may decide on, oldest first.</summary>
    public async Task<IReadOnlyList<WaitingHost>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        if (!access.AllowsSomewhere(PermissionNames.NodesManage))
        {
            return [];
        }

        return [.. (await store.ListAsync(cancellationToken)).Where(host => access.Allows(PermissionNames.NodesManage, ScopeOf(host)))];
    }

    /// <summary>Makes a node of a host.</summary>
    /// <returns>Why that can't be, for the user; null when it was done.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    public async Task<string?> AcceptAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } host)
        {
            return s_gone;
        }

        var actor = await authorizer.EnsureAsync(user, PermissionNames.NodesManage, ScopeOf(host), cancellationToken);
        if (await store.AcceptAsync(id, time.GetUtcNow(), cancellationToken) is not { } node)
        {
            return s_gone;
        }

        fleet.AddOrRename([(node.Id, node.Name)]);
        fleet.Place([node]);
        var entry = new AuditEntry(
            actor, "node.accept", "node", id.ToString(), node.Name, id, AuditOutcome.Succeeded, $"key {host.Fingerprint}");
        await audit.WriteAsync(entry, CancellationToken.None);
        return null;
    }

    /// <summary>Sends a host away: it can ask again with another token.</summary>
    /// <returns>Why that can't be, for the user; null when it was done.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    public async Task<string?> RefuseAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { } host)
        {
            return s_gone;
        }

        var actor = await authorizer.EnsureAsync(user, PermissionNames.NodesManage, ScopeOf(host), cancellationToken);
        if (await store.RefuseAsync(id, cancellationToken) is null)
        {
            return s_gone;
        }

        var entry = new AuditEntry(
            actor, "node.refuse", "node", id.ToString(), host.Hostname, null, AuditOutcome.Succeeded, $"key {host.Fingerprint}");
        await audit.WriteAsync(entry, CancellationToken.None);
        return null;
    }

    private async Task<WaitingHost?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await store.ListAsync(cancellationToken)).FirstOrDefault(host => host.Id == id);

    private static AccessScope ScopeOf(WaitingHost host) => AccessScope.From(host.Environment?.Id, null);
}
