using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Access.Changes;
using Portal.Web.Audit;
using Portal.Web.Features.Permissions.Grants;
using Portal.Web.Features.Permissions.Teams;
using Portal.Web.Languages;

namespace Portal.Web.Identity.Invitations;

/// <summary>
/// Asks people in by a link that is good once and for a time, and lets them in. Making, listing and revoking ask for <c>users.invite</c>; taking up
/// asks for the link alone. All of it is on record.
/// </summary>
/// <remarks>Singleton; each call has a scope of its own.</remarks>
internal sealed class InvitationBook(IServiceScopeFactory scopes, IAuthorizer authorizer, IAuditLog audit, TimeProvider time)
{
    /// <summary>How many may be open at once.</summary>
    public const int Limit = 500;

    public const int MostDays = 90;

    private static readonly string s_gone = N("This invitation was used, revoked or is too old. Ask for a new one.");

    public async Task<IReadOnlyList<InvitationEntry>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        return [.. (await EntriesOf(Database(scope)).ToListAsync(cancellationToken)).OrderByDescending(entry => entry.CreatedAt)];
    }

    /// <summary>The roles and teams that an invitation, or a new account, can give.</summary>
    public async Task<(IReadOnlyList<Role> Roles, IReadOnlyList<(Guid Id, string Name)> Teams)> ListChoicesAsync(
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        // Who adds people chooses from the same.
        if (!await authorizer.IsAllowedAsync(user, PermissionNames.UsersManage, AccessScope.Everything, cancellationToken))
        {
            await EnsureAsync(user, cancellationToken);
        }

        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        var teams = await database.Teams.AsNoTracking().OrderBy(team => team.Name).ToListAsync(cancellationToken);
        return (await CustomRoles.ListAsync(database, cancellationToken), [.. teams.Select(team => (team.Id, team.Name))]);
    }

    /// <returns>The secret of the link, which is shown this once; or why there is none.</returns>
    public async Task<(string? Secret, string? Problem)> InviteAsync(
        ClaimsPrincipal user, InvitationTerms terms, CancellationToken cancellationToken)
    {
        var actor = await EnsureAsync(user, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        var role = await CustomRoles.FindAsync(database, terms.Role, cancellationToken);
        var problem = role is null && terms.Role.Length > 0 ? E("There is no role '{0}'.", terms.Role)
            : role is null && terms.TeamId is null ? N("Choose a role or a team.")
            : terms.Days is < 1 or > MostDays ? E("An invitation is good for 1 to {0} days.", MostDays)
            : await database.Invitations.CountAsync(cancellationToken) >= Limit
                ? E("There are {0} open invitations, which is the limit. Revoke some first.", Limit)
            : await RefuseAsync(database, user, role, terms.Scope, terms.TeamId, cancellationToken);
        if (problem is not null)
        {
            return (null, problem);
        }

        var now = time.GetUtcNow();
        var secret = LinkSecret.Make();
        var clean = terms.Note.Trim();
        var invitation = new Invitation
        {
            Id = Guid.CreateVersion7(),
            TokenHash = LinkSecret.HashOf(secret),
            Note = clean.Length > 256 ? clean[..256] : clean,
            Role = role?.Key ?? "",
            RoleId = role?.Id,
            EnvironmentId = role is null ? null : terms.Scope.EnvironmentId,
            NodeId = role is null ? null : terms.Scope.NodeId,
            TeamId = terms.TeamId,
            CreatedBy = actor.UserId,
            CreatedAt = now,
            ExpiresAt = now.AddDays(terms.Days),
        };
        database.Invitations.Add(invitation);
        await database.SaveChangesAsync(cancellationToken);
        var entry = await EntriesOf(database, invitation.Id).SingleAsync(cancellationToken);
        var gives = LanguageFlow.InEnglish(() => entry.Gives);
        await RecordAsync(actor, "user.invite", invitation, $"{gives}, good for {terms.Days} {(terms.Days == 1 ? "day" : "days")}");
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
            return (null, s_gone);
        }

        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var invitation = await FindAsync(database, secret!, cancellationToken);

        // The row is locked by its removal: whoever comes second finds none.
        if (invitation is null
            || await database.Invitations.Where(other => other.Id == invitation.Id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return (null, s_gone);
        }

        var result = await create(scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>(), person);
        if (!result.Succeeded)
        {
            return (null, string.Join(' ', result.Errors.Select(error => error.Description)));
        }

        var now = time.GetUtcNow();
        var role = await CustomRoles.FindAsync(database, invitation.Role, cancellationToken);
        if (role is not null)
        {
            var place = AccessScope.From(invitation.EnvironmentId, invitation.NodeId);
            database.Grants.Add(GrantDirectory.Make(GrantSubject.Person(person.Id), role, place, now));
        }

        if (invitation.TeamId is { } team)
        {
            database.TeamMembers.Add(new TeamMember { TeamId = team, UserId = person.Id, AddedAt = now });
        }

        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var entry = new AuditEntry(
            new Actor(person.Id, person.UserName!, address), "user.create", "user", person.Id.ToString(), person.UserName!, null,
            AuditOutcome.Succeeded,
            AuditEntry.Join($"by invitation, {way}, {(role is null ? "by a team" : $"role {role.Name}")}", invitation.Note));
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

        // Who invited and was disabled since, or lost what it takes or what they would give, invites nobody any more.
        var inviter = new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, invitation.CreatedBy.ToString())], nameof(InvitationBook)));
        var role = await CustomRoles.FindAsync(database, invitation.Role, cancellationToken);
        var place = AccessScope.From(invitation.EnvironmentId, invitation.NodeId);
        return await authorizer.IsAllowedAsync(inviter, PermissionNames.UsersInvite, AccessScope.Everything, cancellationToken)
            && await RefuseAsync(database, inviter, role, place, invitation.TeamId, cancellationToken) is null
            ? invitation
            : null;
    }

    /// <summary>What a good invitation gives, in words.</summary>
    public async Task<string> DescribeAsync(Invitation invitation, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await EntriesOf(Database(scope), invitation.Id).SingleOrDefaultAsync(cancellationToken))?.Gives ?? "";
    }

    // Nobody gives by an invitation what they could not give by a grant or a place in a team.
    private async Task<string?> RefuseAsync(
        PortalDbContext database, ClaimsPrincipal inviter, Role? role, AccessScope place, Guid? teamId, CancellationToken cancellationToken)
    {
        var own = await authorizer.ReadAccessAsync(inviter, cancellationToken);
        if (role is not null && HandingOut.Refuse(own, role, place) is { } problem)
        {
            return problem;
        }

        return teamId is not { } id ? null
            : await database.Teams.AnyAsync(team => team.Id == id, cancellationToken)
                ? await TeamDirectory.RefuseAsync(new AccessWork(database, own), id, cancellationToken)
            : N("There is no such team any more.");
    }

    private static IQueryable<InvitationEntry> EntriesOf(PortalDbContext database, Guid? id = null) => database.Invitations.AsNoTracking()
        .Where(invitation => id == null || invitation.Id == id)
        .Select(invitation => new InvitationEntry(
            invitation.Id,
            invitation.Note,
            database.CustomRoles.Where(role => role.Id == invitation.RoleId).Select(role => role.Name).FirstOrDefault() ?? invitation.Role,
            database.Environments.Where(place => place.Id == invitation.EnvironmentId).Select(place => place.Name).FirstOrDefault()
                ?? database.Nodes.Where(node => node.Id == invitation.NodeId).Select(node => node.Name).FirstOrDefault()
                ?? InvitationEntry.Everywhere,
            database.Teams.Where(team => team.Id == invitation.TeamId).Select(team => team.Name).FirstOrDefault(),
            invitation.CreatedAt,
            invitation.ExpiresAt));

    private ValueTask<Actor> EnsureAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        authorizer.EnsureAsync(user, PermissionNames.UsersInvite, AccessScope.Everything, cancellationToken);

    private Task RecordAsync(Actor actor, string action, Invitation invitation, string detail) => audit.WriteAsync(
        new AuditEntry(
            actor, action, "invitation", invitation.Id.ToString(), invitation.Note, invitation.NodeId, AuditOutcome.Succeeded, detail),
        CancellationToken.None);

    private static PortalDbContext Database(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<PortalDbContext>();
}
