using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;

namespace Portal.Web.Identity.Sessions;

/// <summary>Lists and ends a person's sessions: their own, or with <c>sessions.manage</c> anybody's. What is ended is on record.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class PersonSessions(
    SessionStore sessions, IAuthorizer authorizer, IAuditLog audit, IDbContextFactory<PortalDbContext> contexts)
{
    public async Task<IReadOnlyList<UserSession>> ListAsync(ClaimsPrincipal user, Guid personId, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, personId, cancellationToken);
        return await sessions.ListAsync(personId, cancellationToken);
    }

    public async Task EndAsync(ClaimsPrincipal user, Guid personId, Guid sessionId, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, personId, cancellationToken);
        if (await sessions.EndAsync(personId, sessionId, cancellationToken))
        {
            await RecordAsync(actor, personId, "one session");
        }
    }

    /// <summary>Ends all but the one that asks; of somebody else's all.</summary>
    /// <returns>How many were ended.</returns>
    public async Task<int> EndOthersAsync(ClaimsPrincipal user, Guid personId, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, personId, cancellationToken);
        var kept = user.UserId() == personId ? user.SessionId() : null;
        var ended = await sessions.EndOthersAsync(personId, kept, cancellationToken);
        if (ended > 0)
        {
            await RecordAsync(actor, personId, $"{ended} {(ended == 1 ? "session" : "sessions")}");
        }

        return ended;
    }

    private async ValueTask<Actor> EnsureAsync(ClaimsPrincipal user, Guid personId, CancellationToken cancellationToken) =>
        user.UserId() == personId && await sessions.IsGoodAsync(user, cancellationToken)
            ? user.ToActor()
            : await authorizer.EnsureAsync(user, PermissionNames.SessionsManage, AccessScope.Everything, cancellationToken);

    private async Task RecordAsync(Actor actor, Guid personId, string detail)
    {
        await using var context = await contexts.CreateDbContextAsync(CancellationToken.None);
        var name = await context.Users.Where(person => person.Id == personId).Select(person => person.UserName).SingleOrDefaultAsync();
        var entry = new AuditEntry(
            actor, "session.end", "user", personId.ToString(), name ?? "", null, AuditOutcome.Succeeded, detail);
        await audit.WriteAsync(entry, CancellationToken.None);
    }
}
