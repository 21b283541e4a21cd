using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Access.Changes;
using Portal.Web.Audit;

namespace Portal.Web.Identity.Invitations;

/// <summary>
/// Asks people in by a link that is good once and for a time, and lets them in. Making, listing and revoking ask for <c>users.manage</c>; taking up
/// asks for the link alone. All of it is on record.
/// </summary>
/// <remarks>Singleton; each call has a scope of its own.</remarks>
internal sealed class InvitationBook(IServiceScopeFactory scopes, IAuthorizer authorizer, IAuditLog audit, TimeProvider time)
{
    /// <summary>How many may be open at once.</summary>
    public const int Limit = 500;

    public const int MostDays = 90;

    private const string Gone = "This invitation was used, revoked or is too old. Ask for a new one.";

    public async Task<IReadOnlyList<Invitation>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        return await Database(scope).Invitations.AsNoTracking()
            .OrderByDescending(invitation => invitation.CreatedAt)
            .ToListAsync(cancellationToken);
    }

    /// <returns>The secret of the link, which is shown this once; or why there is none.</returns>
    public async Task<(string? Secret, string? Problem)> InviteAsync(
        ClaimsPrincipal user, string note, string role, Guid? nodeId, int days, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        if (BuiltInRoles.Find(role) is not { } given)
        {
            return (null, $"There is no role '{role}'.");
        }

        var own = await authorizer.ReadAccessAsync(user, cancellationToken);
        if (HandingOut.Refuse(own, given, AccessScope.From(null, nodeId)) is { } problem)
        {
            return (null, problem);
        }

        if (days is < 1 or > MostDays)
        {
            return (null, $"An invitation is good for 1 to {MostDays} days.");
        }

        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        if (await database.Invitations.CountAsync(cancellationToken) >= Limit)
        {
            return (null, $"There are {Limit} open invitations, which is the limit. Revoke some first.");
        }

        var now = time.GetUtcNow();
        var secret = LinkSecret.Make();
        var clean = note.Trim();
        var invitation = new Invitation
        {
            Id = Guid.CreateVersion7(),
            TokenHash = LinkSecret.HashOf(secret),
            Note = clean.Length > 256 ? clean[..256] : clean,
            Role = role,
            NodeId = nodeId,
            CreatedBy = actor.UserId,
            CreatedAt = now,
            ExpiresAt = now.AddDays(days),
        };
        database.Invitations.Add(invitation);
        await database.SaveChangesAsync(cancellationToken);
        await RecordAsync(actor, "user.invite", invitation, $"role {role}, good for {days} {(days == 1 ? "day" : "days")}");
        return (secret, null);
    }

    public async Task RevokeAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        var invitation = await database.Invitations.AsNoTracking().SingleOrDefaultAsync(other => other.Id == id, cancellationToken);
        if (invitation is not null
            && await database.Invitations.Where(other => other.Id == id).ExecuteDeleteAsync(cancellationToken) > 0)
        {
            await RecordAsync(actor, "user.invite_revoke", invitation, "");
        }
    }

    /// <summary>The invitation of a link; null when it is no good (any more).</summary>
    public async Task<Invitation?> FindAsync(string? secret, CancellationToken cancellationToken)
    {
        if (!LinkSecret.IsPlausible(secret))
        {
            return null;
        }

        await using var scope = scopes.CreateAsyncScope();
        return await FindAsync(Database(scope), secret!, cancellationToken);
    }

    /// <summary>Makes the account of who has the link; of several at once one gets it.</summary>
    public Task<(Guid? UserId, string? Problem)> AcceptAsync(
        string? secret, NewAccount account, string address, CancellationToken cancellationToken)
    {
        var person = new PortalUser
        {
            Id = Guid.CreateVersion7(),
            UserName = account.UserName,
            DisplayName = account.DisplayName,
            LockoutEnabled = true,
            CreatedAt = time.GetUtcNow(),
        };
        return AcceptAsync(
            secret, person, (users, made) => users.CreateAsync(made, account.Password), "by password", address, cancellationToken);
    }

    /// <summary>Makes an account of who has the link, in whatever way they will sign in; of several at once one gets it.</summary>
    /// <param name="secret">The link's.</param>
    /// <param name="person">Who they will be.</param>
    /// <param name="create">Makes the account with its way to sign in, within the transaction.</param>
    /// <param name="way">That way, for the audit log.</param>
    /// <param name="address">Where they come from.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<(Guid? UserId, string? Problem)> AcceptAsync(
        string? secret,
        PortalUser person,
        Func<UserManager<PortalUser>, PortalUser, Task<IdentityResult>> create,
        string way,
        string address,
        CancellationToken cancellationToken)
    {
        if (!LinkSecret.IsPlausible(secret))
        {
            return (null, Gone);
        }

        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var invitation = await FindAsync(database, secret!, cancellationToken);

        // The row is locked by its removal: whoever comes second finds none.
        if (invitation is null
            || await database.Invitations.Where(other => other.Id == invitation.Id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return (null, Gone);
        }

        var result = await create(scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>(), person);
        if (!result.Succeeded)
        {
            return (null, string.Join(' ', result.Errors.Select(error => error.Description)));
        }

        database.Grants.Add(new Grant
        {
            Id = Guid.CreateVersion7(),
            UserId = person.Id,
            Role = invitation.Role,
            NodeId = invitation.NodeId,
            CreatedAt = time.GetUtcNow(),
        });
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var entry = new AuditEntry(
            new Actor(person.Id, person.UserName!, address), "user.create", "user", person.Id.ToString(), person.UserName!, null,
            AuditOutcome.Succeeded, AuditEntry.Join($"by invitation, {way}, role {invitation.Role}", invitation.Note));
        await audit.WriteAsync(entry, CancellationToken.None);
        return (person.Id, null);
    }

    private async Task<Invitation?> FindAsync(PortalDbContext database, string secret, CancellationToken cancellationToken)
    {
        var (hash, now) = (LinkSecret.HashOf(secret), time.GetUtcNow());
        var invitation = await database.Invitations.AsNoTracking()
            .SingleOrDefaultAsync(invitation => invitation.TokenHash == hash && invitation.ExpiresAt > now, cancellationToken);
        if (invitation is null)
        {
            return null;
        }

        // Who invited and was disabled since, or lost what it takes, invites nobody any more.
        var inviter = new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, invitation.CreatedBy.ToString())], nameof(InvitationBook)));
        return await authorizer.IsAllowedAsync(inviter, PermissionNames.UsersManage, AccessScope.Everything, cancellationToken)
            ? invitation
            : null;
    }

    private ValueTask<Actor> EnsureAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        authorizer.EnsureAsync(user, PermissionNames.UsersManage, AccessScope.Everything, cancellationToken);

    private Task RecordAsync(Actor actor, string action, Invitation invitation, string detail) => audit.WriteAsync(
        new AuditEntry(
            actor, action, "invitation", invitation.Id.ToString(), invitation.Note, invitation.NodeId, AuditOutcome.Succeeded, detail),
        CancellationToken.None);

    private static PortalDbContext Database(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<PortalDbContext>();
}
