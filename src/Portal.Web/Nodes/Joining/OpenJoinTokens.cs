using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Nodes.Storage;

namespace Portal.Web.Nodes.Joining;

/// <summary>Join tokens that are open, for those who manage nodes where hosts would come to with them.</summary>
internal sealed class OpenJoinTokens(JoinTokenStore store, IAuthorizer authorizer, IAuditLog audit, TimeProvider time)
{
    private static readonly string s_gone = N("This join token is not open any more: it was used up, taken back, or has expired.");

    /// <summary>Those that the user may take back, the newest first.</summary>
    public async Task<IReadOnlyList<OpenJoinToken>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        if (!access.AllowsSomewhere(PermissionNames.NodesManage))
        {
            return [];
        }

        var open = await store.ListAsync(time.GetUtcNow(), cancellationToken);
        return [.. open.Where(token => access.Allows(PermissionNames.NodesManage, ScopeOf(token)))];
    }

    /// <summary>Takes a token back: no host comes with it any more. Those that came, or wait, stay.</summary>
    /// <returns>Why that can't be, for the user; null when it was done.</returns>
    /// <exception cref="AccessDeniedException">The user may not.</exception>
    public async Task<string?> RevokeAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var open = await store.ListAsync(time.GetUtcNow(), cancellationToken);
        if (open.FirstOrDefault(token => token.Id == id) is not { } token)
        {
            return s_gone;
        }

        var actor = await authorizer.EnsureAsync(user, PermissionNames.NodesManage, ScopeOf(token), cancellationToken);
        if (!await store.RevokeAsync(id, cancellationToken))
        {
            return s_gone;
        }

        var entry = new AuditEntry(
            actor, "join_token.revoke", "join_token", id.ToString(), token.Note, null, AuditOutcome.Succeeded,
            $"{token.UsesLeft} {(token.UsesLeft == 1 ? "use" : "uses")} left, until {token.ExpiresAt:u}");
        await audit.WriteAsync(entry, CancellationToken.None);
        return null;
    }

    private static AccessScope ScopeOf(OpenJoinToken token) => AccessScope.From(token.Environment?.Id, null);
}
