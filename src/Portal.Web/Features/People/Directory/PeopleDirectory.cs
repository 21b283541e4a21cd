using System.Security.Claims;
using System.Security.Cryptography;
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
using Portal.Web.Identity.TwoFactor;

namespace Portal.Web.Features.People.Directory;

/// <summary>Lists and changes people. Each member asks for <c>users.manage</c> and writes what was done to the audit log.</summary>
/// <remarks>
/// Singleton; each call has a scope of its own, since a circuit's would keep what it has loaded. An invariant: somebody who is not disabled is always
/// <see cref="BuiltInRoles.Administrator"/> of everything, so that nobody locks everybody out.
/// </remarks>
internal sealed class PeopleDirectory(IServiceScopeFactory scopes, IAuthorizer authorizer, IAuditLog audit, TimeProvider time)
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public async Task<IReadOnlyList<Person>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, PermissionNames.UsersManage, AccessScope.Everything, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var people = await database.Users.AsNoTracking().OrderBy(person => person.NormalizedUserName).ToListAsync(cancellationToken);
        var grants = await ReadGrantsAsync(database, cancellationToken);
        var withPasskeys = await database.Set<IdentityUserPasskey<Guid>>().Select(passkey => passkey.UserId).Distinct()
            .ToHashSetAsync(cancellationToken);
        var now = time.GetUtcNow();
        return [.. people.Select(person => new Person
        {
            Id = person.Id,
            UserName = person.UserName!,
            DisplayName = person.DisplayName,
            Disabled = person.DisabledAt is not null,
            IsServiceAccount = person.IsServiceAccount,
            LockedOut = person.LockoutEnd > now,
            MustChangePassword = person.MustChangePassword,
            HasTwoFactor = person.TwoFactorEnabled,
            HasPasskeys = withPasskeys.Contains(person.Id),
            LastSignInAt = person.LastSignInAt,
            Grants = [.. grants[person.Id]],
        })];
    }

    /// <summary>Makes a person with a password that is made up, and must be changed at the first sign-in.</summary>
    public Task<PersonChange> CreateAsync(
        ClaimsPrincipal user, string userName, string displayName, PersonStart start, CancellationToken cancellationToken)
    {
        return ChangeAsync(user, "user.create", userName, async work =>
        {
            var own = await authorizer.ReadAccessAsync(user, cancellationToken);
            var given = await CustomRoles.FindAsync(work.Database, start.Role, cancellationToken);
            if (await RefuseAsync(work.Database, own, start, given, cancellationToken) is { } problem)
            {
                return new PersonChange(problem);
            }

            var now = time.GetUtcNow();
            var person = new PortalUser
            {
                Id = Guid.CreateVersion7(),
                UserName = userName.Trim(),
                DisplayName = displayName.Trim(),
                MustChangePassword = true,
                LockoutEnabled = true,
                CreatedAt = now,
            };
            var password = RandomNumberGenerator.GetString(Letters, 16);
            var result = await work.Users.CreateAsync(person, password);
            if (!result.Succeeded)
            {
                return new PersonChange(Describe(result));
            }

            if (given is not null)
            {
                work.Database.Grants.Add(GrantDirectory.Make(GrantSubject.Person(person.Id), given, start.Scope, now));
            }

            if (start.TeamId is { } team)
            {
                work.Database.TeamMembers.Add(new TeamMember { TeamId = team, UserId = person.Id, AddedAt = now });
            }

            work.Describe(person, await DescribeAsync(work.Database, start, given, cancellationToken), start.Scope.NodeId);
            return new PersonChange(null, password);
        }, cancellationToken);
    }

    public Task<PersonChange> SetDisabledAsync(ClaimsPrincipal user, Guid personId, bool disabled, CancellationToken cancellationToken)
    {
        return ChangeAsync(user, disabled ? "user.disable" : "user.enable", personId, async (work, person) =>
        {
            if (disabled && personId == user.UserId())
            {
                return new PersonChange(N("You can't disable yourself."));
            }

            person.DisabledAt = disabled ? time.GetUtcNow() : null;
            person.LockoutEnd = null;
            await work.EndSessionsAsync(person, cancellationToken);
            var result = await work.Users.UpdateSecurityStampAsync(person);
            work.Describe(person, "");
            return new PersonChange(result.Succeeded ? null : Describe(result));
        }, cancellationToken);
    }

    /// <summary>Gives a person a new password that is made up, ends their sessions and any lockout.</summary>
    public Task<PersonChange> ResetPasswordAsync(ClaimsPrincipal user, Guid personId, CancellationToken cancellationToken)
    {
        return ChangeAsync(user, "user.reset_password", personId, async (work, person) =>
        {
            if (person.IsServiceAccount)
            {
                return new PersonChange(E("'{0}' is a service account: it has tokens, and no password.", person.UserName));
            }

            var password = RandomNumberGenerator.GetString(Letters, 16);
            person.MustChangePassword = true;
            person.LockoutEnd = null;
            person.AccessFailedCount = 0;
            await work.EndSessionsAsync(person, cancellationToken);
            var token = await work.Users.GeneratePasswordResetTokenAsync(person);
            var result = await work.Users.ResetPasswordAsync(person, token, password);
            work.Describe(person, "");
            return result.Succeeded ? new PersonChange(null, password) : new PersonChange(Describe(result));
        }, cancellationToken);
    }

    /// <summary>
    /// Lets somebody who has lost their phone and their recovery codes in by the password alone, and ends their sessions. Their passkeys go too: one
    /// may be on the phone, or be somebody else's.
    /// </summary>
    public Task<PersonChange> ResetTwoFactorAsync(ClaimsPrincipal user, Guid personId, CancellationToken cancellationToken)
    {
        return ChangeAsync(user, "user.two_factor_reset", personId, async (work, person) =>
        {
            await work.EndSessionsAsync(person, cancellationToken);
            await TwoFactorSetup.DisableAsync(work.Users, person);
            var passkeys = await work.Users.GetPasskeysAsync(person);
            foreach (var passkey in passkeys)
            {
                await work.Users.RemovePasskeyAsync(person, passkey.CredentialId);
            }

            work.Describe(person, passkeys.Count == 0 ? "" : $"with {passkeys.Count} {(passkeys.Count == 1 ? "passkey" : "passkeys")}");
            return PersonChange.Done;
        }, cancellationToken);
    }

    private Task<PersonChange> ChangeAsync(
        ClaimsPrincipal user,
        string action,
        Guid personId,
        Func<PeopleWork, PortalUser, Task<PersonChange>> change,
        CancellationToken cancellationToken)
    {
        return ChangeAsync(user, action, personId.ToString(), async work =>
        {
            var person = await work.Users.FindByIdAsync(personId.ToString());
            if (person is null)
            {
                return new PersonChange(N("There is no such person any more."));
            }

            // Who resets an administrator's password could sign in as one.
            var own = await authorizer.ReadAccessAsync(user, cancellationToken);
            var theirs = await DatabaseAuthorizer.ReadGrantedAsync(work.Database, personId, cancellationToken);
            if (HandingOut.RefuseToTouch(own, theirs) is { } problem)
            {
                work.Describe(person, "");
                return new PersonChange(problem);
            }

            return await change(work, person);
        }, cancellationToken);
    }

    private async Task<PersonChange> ChangeAsync(
        ClaimsPrincipal user,
        string action,
        string subject,
        Func<PeopleWork, Task<PersonChange>> change,
        CancellationToken cancellationToken)
    {
        var actor = await authorizer.EnsureAsync(user, PermissionNames.UsersManage, AccessScope.Everything, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var work = new PeopleWork(
            scope.ServiceProvider.GetRequiredService<PortalDbContext>(),
            scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>(),
            subject);
        await using var transaction = await work.Database.Database.BeginTransactionAsync(cancellationToken);
        await AccessInvariants.LockAsync(work.Database, cancellationToken);
        var outcome = await change(work);
        if (outcome.Error is null)
        {
            await work.Database.SaveChangesAsync(cancellationToken);
            var broken = await AccessInvariants.CheckAsync(work.Database, cancellationToken);
            outcome = broken is null ? outcome : new PersonChange(broken);
        }

        if (outcome.Error is null)
        {
            await transaction.CommitAsync(cancellationToken);
        }
        else
        {
            await transaction.RollbackAsync(cancellationToken);
        }

        // Done or refused, it is on record, even when the page was left meanwhile.
        await audit.WriteAsync(work.ToEntry(actor, action, outcome.Error), CancellationToken.None);
        return outcome;
    }

    // Their own, then those of their teams.
    private static async Task<ILookup<Guid, PersonGrant>> ReadGrantsAsync(PortalDbContext database, CancellationToken cancellationToken)
    {
        var rows = await database.Grants.AsNoTracking().OrderBy(grant => grant.CreatedAt).Select(grant => new
        {
            Grant = grant,
            Role = database.CustomRoles.Where(role => role.Id == grant.RoleId).Select(role => role.Name).FirstOrDefault() ?? grant.Role,
            Node = database.Nodes.Where(node => node.Id == grant.NodeId).Select(node => node.Name).FirstOrDefault(),
            Environment = database.Environments.Where(place => place.Id == grant.EnvironmentId).Select(place => place.Name)
                .FirstOrDefault(),
            Stack = database.Stacks.Where(stack => stack.Id == grant.StackId).Select(stack => stack.Name).FirstOrDefault(),
            Team = database.Teams.Where(team => team.Id == grant.TeamId).Select(team => team.Name).FirstOrDefault(),
        }).ToListAsync(cancellationToken);
        var members = (await database.TeamMembers.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(member => member.TeamId);
        return rows
            .SelectMany(row => (row.Grant.UserId is { } userId
                    ? [userId]
                    : members[row.Grant.TeamId!.Value].Select(member => member.UserId))
                .Select(id => (
                    Id: id,
                    Grant: new PersonGrant(row.Grant.Id, BuiltInRoles.TitleOf(row.Role), row.Stack ?? row.Node ?? row.Environment ?? T("everything"), row.Team))))
            .OrderBy(row => row.Grant.Team is not null)
            .ToLookup(row => row.Id, row => row.Grant);
    }

    // Nobody gives by a new account what they could not give by a grant or a place in a team.
    private static async Task<string?> RefuseAsync(
        PortalDbContext database, EffectiveAccess own, PersonStart start, Role? given, CancellationToken cancellationToken)
    {
        var place = start.Scope;
        var problem = given is null ? start.Role.Length > 0 ? E("There is no role '{0}'.", start.Role) : null
            : place.NodeId is { } node && !await database.Nodes.AnyAsync(row => row.Id == node, cancellationToken)
                || (place.EnvironmentId is { } environment
                    && !await database.Environments.AnyAsync(row => row.Id == environment, cancellationToken))
                ? N("That place is not there any more.")
            : HandingOut.Refuse(own, given, place);
        return problem is not null || start.TeamId is not { } id ? problem
            : await database.Teams.AnyAsync(team => team.Id == id, cancellationToken)
                ? await TeamDirectory.RefuseAsync(new AccessWork(database, own), id, cancellationToken)
            : N("There is no such team any more.");
    }

    private static async Task<string> DescribeAsync(
        PortalDbContext database, PersonStart start, Role? given, CancellationToken cancellationToken)
    {
        var (node, environment) = (start.Scope.NodeId, start.Scope.EnvironmentId);
        var place = await database.Nodes.Where(row => row.Id == node).Select(row => row.Name)
            .Concat(database.Environments.Where(row => row.Id == environment).Select(row => row.Name))
            .FirstOrDefaultAsync(cancellationToken);
        var team = await database.Teams.Where(row => row.Id == start.TeamId).Select(row => row.Name).FirstOrDefaultAsync(cancellationToken);
        var role = given is null ? "no role of their own" : $"role {given.Name}{(place is null ? "" : $" on {place}")}";
        return team is null ? role : $"{role}, in the team {team}";
    }

    private static string Describe(IdentityResult result) => string.Join(' ', result.Errors.Select(error => error.Description));
}
