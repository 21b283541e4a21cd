using System.Net;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Identity.Policies;
using Portal.Web.Security;

namespace Portal.Web.Identity.Sessions;

/// <summary>
/// The sessions that are good. The cookie only names one: what is not here, or too old by the <see cref="SignInPolicy"/>, lets nobody in. Removing
/// one tells every portal of the database (see <see cref="SessionEndings"/>).
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class SessionStore(IDbContextFactory<PortalDbContext> contexts, SignInPolicies policies, TimeProvider time)
{
    /// <summary>How many one person may have: a further one ends the one that was used longest ago.</summary>
    public const int Limit = 50;

    // How exactly it is known when a session was used last.
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(1);

    public async Task<Guid> BeginAsync(
        Guid userId, IPAddress? address, string browser, string method, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var session = new UserSession
        {
            // Not by time: the id is in the cookie alone, but who guesses one must still not come near another.
            Id = Guid.NewGuid(),
            UserId = userId,
            CreatedAt = now,
            LastSeenAt = now,
            Address = ClientAddress.TextOf(address),
            Browser = BrowserName.Clean(browser),
            Method = method,
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.UserSessions.Add(session);
        await context.SaveChangesAsync(cancellationToken);
        var beyond = context.UserSessions.Where(other => other.UserId == userId)
            .OrderByDescending(other => other.LastSeenAt).ThenByDescending(other => other.CreatedAt)
            .Select(other => other.Id)
            .Skip(Limit);
        await context.UserSessions.Where(other => beyond.Contains(other.Id)).ExecuteDeleteAsync(cancellationToken);
        return session.Id;
    }

    /// <summary>Whether the session that a cookie names is still good. Being asked for it counts as use.</summary>
    public async Task<bool> UseAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (await FindAsync(user, cancellationToken) is not { } session)
        {
            return false;
        }

        if (time.GetUtcNow() - session.LastSeenAt >= s_step)
        {
            await TouchAsync(session.Id, cancellationToken);
        }

        return true;
    }

    /// <summary>Whether the session is still good, without counting that as use.</summary>
    public async Task<bool> IsGoodAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        await FindAsync(user, cancellationToken) is not null;

    public async Task TouchAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.UserSessions.Where(session => session.Id == id && session.LastSeenAt < now)
            .ExecuteUpdateAsync(change => change.SetProperty(session => session.LastSeenAt, now), cancellationToken);
    }

    /// <summary>The last used first.</summary>
    public async Task<IReadOnlyList<UserSession>> ListAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await (await GoodAsync(context, cancellationToken)).Where(session => session.UserId == userId)
            .OrderByDescending(session => session.LastSeenAt).ThenByDescending(session => session.CreatedAt)
            .ToListAsync(cancellationToken);
    }

    /// <returns>False when this person has no such session any more.</returns>
    public async Task<bool> EndAsync(Guid userId, Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.UserSessions.Where(session => session.Id == id && session.UserId == userId)
            .ExecuteDeleteAsync(cancellationToken) > 0;
    }

    /// <param name="userId">Whose.</param>
    /// <param name="kept">The one that goes on; null to end all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How many were ended.</returns>
    public async Task<int> EndOthersAsync(Guid userId, Guid? kept, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.UserSessions.Where(session => session.UserId == userId && session.Id != kept)
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Ends those that are too old: also their open pages, which ask for nothing.</summary>
    public async Task<int> EndExpiredAsync(CancellationToken cancellationToken)
    {
        var policy = await policies.ReadAsync(cancellationToken);
        var (idle, begun) = (time.GetUtcNow() - policy.Idle, time.GetUtcNow() - policy.Lifetime);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.UserSessions.Where(session => session.LastSeenAt < idle || session.CreatedAt < begun)
            .ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<UserSession?> FindAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (user.SessionId() is not { } id || user.UserId() is not { } userId)
        {
            return null;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await (await GoodAsync(context, cancellationToken))
            .SingleOrDefaultAsync(session => session.Id == id && session.UserId == userId, cancellationToken);
    }

    private async Task<IQueryable<UserSession>> GoodAsync(PortalDbContext context, CancellationToken cancellationToken)
    {
        var policy = await policies.ReadAsync(cancellationToken);
        var (idle, begun) = (time.GetUtcNow() - policy.Idle, time.GetUtcNow() - policy.Lifetime);
        return context.UserSessions.AsNoTracking().Where(session => session.LastSeenAt >= idle && session.CreatedAt >= begun);
    }
}
