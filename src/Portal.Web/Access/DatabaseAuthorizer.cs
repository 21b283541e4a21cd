using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Web.Access.Tokens;
using Portal.Web.Audit;

namespace Portal.Web.Access;

/// <summary>
/// Reads the grants for each decision, those of the person and of their teams: one indexed query, and one more for the nodes of environments on which
/// something is granted. A change of a grant, a role, a team or a node's environment holds from the next decision on.
/// </summary>
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
        var access = await ReadAsync(context, userId, user.SessionId(), whateverState: false, cancellationToken);
        return user.TokenIdOf() is { } tokenId
            ? access.Within(await TokenLimit.ReadAsync(context, tokenId, userId, time.GetUtcNow(), cancellationToken))
            : access;
    }

    /// <summary>What a person could do if they were let: whether or not they are disabled or owe a new password.</summary>
    internal static Task<EffectiveAccess> ReadGrantedAsync(PortalDbContext context, Guid userId, CancellationToken cancellationToken) =>
        ReadAsync(context, userId, null, whateverState: true, cancellationToken);

    /// <summary>What a person may do now, apart from any session: nothing when they are disabled or owe a new password.</summary>
    internal static Task<EffectiveAccess> ReadActiveAsync(PortalDbContext context, Guid userId, CancellationToken cancellationToken) =>
        ReadAsync(context, userId, null, whateverState: false, cancellationToken);

    private static async Task<EffectiveAccess> ReadAsync(
        PortalDbContext context, Guid userId, Guid? sessionId, bool whateverState, CancellationToken cancellationToken)
    {
        // A session that was ended allows nothing from then on, whatever page is still open.
        // Whoever is disabled, or still has a password that somebody else chose, may do nothing, whatever the grants say.
        var query =
            from grant in context.Grants.AsNoTracking()
            where grant.UserId == userId
                || context.TeamMembers.Any(member => member.TeamId == grant.TeamId && member.UserId == userId)
            where whateverState
                || context.Users.Any(person => person.Id == userId && person.DisabledAt == null && !person.MustChangePassword)
            where sessionId == null || context.UserSessions.Any(session => session.Id == sessionId && session.UserId == userId)
            join role in context.CustomRoles on grant.RoleId equals (Guid?)role.Id into roles
            from custom in roles.DefaultIfEmpty()
            orderby grant.CreatedAt, grant.Id
            select new { grant.Role, Custom = custom, grant.TeamId, grant.EnvironmentId, grant.NodeId, grant.StackId };
        var grants = new List<AccessGrant>();
        foreach (var row in await query.ToListAsync(cancellationToken))
        {
            var role = row.Custom is null ? BuiltInRoles.Find(row.Role) : CustomRoles.ToRole(row.Custom);
            if (role is not null)
            {
                grants.Add(new AccessGrant(role, AccessScope.From(row.EnvironmentId, row.NodeId, row.StackId), row.TeamId));
            }
        }

        return new EffectiveAccess(grants, await ReadEnvironmentsAsync(context, grants, cancellationToken));
    }

    private static async Task<IEnumerable<KeyValuePair<Guid, Guid>>> ReadEnvironmentsAsync(
        PortalDbContext context, List<AccessGrant> grants, CancellationToken cancellationToken)
    {
        var granted = grants.Select(grant => grant.Scope.EnvironmentId).OfType<Guid>().Distinct().ToArray();
        return granted.Length == 0
            ? FrozenDictionary<Guid, Guid>.Empty
            : await context.Nodes.AsNoTracking()
                .Where(node => node.EnvironmentId != null && granted.Contains(node.EnvironmentId.Value))
                .ToDictionaryAsync(node => node.Id, node => node.EnvironmentId!.Value, cancellationToken);
    }
}
