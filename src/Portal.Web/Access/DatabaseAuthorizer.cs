using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Web.Access.Tokens;
using Portal.Web.Audit;

namespace Portal.Web.Access;

/// <summary>Reads the grants for each decision: one indexed query, and a change of a grant holds from the next decision on.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class DatabaseAuthorizer(IDbContextFactory<PortalDbContext> contexts, IAuditLog audit, TimeProvider time)
    : IAuthorizer
{
    public async ValueTask<bool> IsAllowedAsync(
        ClaimsPrincipal user, string permission, AccessScope scope, CancellationToken cancellationToken)
    {
        var access = await ReadAccessAsync(user, cancellationToken);
        return access.Allows(permission, scope);
    }

    public async ValueTask<Actor> EnsureAsync(
        ClaimsPrincipal user, string permission, AccessScope scope, CancellationToken cancellationToken)
    {
        var actor = user.ToActor();
        if (await IsAllowedAsync(user, permission, scope, cancellationToken))
        {
            return actor;
        }

        var entry = new AuditEntry(actor, permission, "permission", permission, permission, scope.NodeId, AuditOutcome.Denied);
        await audit.WriteAsync(entry, cancellationToken);
        throw new AccessDeniedException(permission);
    }

    public async ValueTask<EffectiveAccess> ReadAccessAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.UserId() is not { } userId)
        {
            return EffectiveAccess.None;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);

        // A session that was ended allows nothing from then on, whatever page is still open.
        var sessionId = user.SessionId();

        // Whoever is disabled, or still has a password that somebody else chose, may do nothing, whatever the grants say.
        var grants = await context.Grants.AsNoTracking()
            .Where(grant => grant.UserId == userId)
            .Where(grant => context.Users.Any(person => person.Id == userId && person.DisabledAt == null && !person.MustChangePassword))
            .Where(grant => sessionId == null || context.UserSessions.Any(session => session.Id == sessionId && session.UserId == userId))
            .Select(grant => new { grant.Role, grant.NodeId })
            .ToListAsync(cancellationToken);
        var access = new EffectiveAccess(grants.Select(grant => (grant.Role, grant.NodeId)));
        return user.TokenIdOf() is { } tokenId
            ? access.Within(await TokenLimit.ReadAsync(context, tokenId, userId, time.GetUtcNow(), cancellationToken))
            : access;
    }
}
