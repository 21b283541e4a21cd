using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;
using Portal.Web.Identity.TwoFactor;

namespace Portal.Web.Features.People.Directory;

/// <summary>Lists and changes people. Each member asks for <c>users.manage</c> and writes what was done to the audit log.</summary>
/// <remarks>
/// Singleton; each call has a scope of its own, since a circuit's would keep what it has loaded. An invariant: somebody who is not disabled is always
/// <see cref="BuiltInRoles.Administrator"/> of everything, so that nobody locks everybody out.
/// </remarks>
internal sealed class PeopleDirectory(IServiceScopeFactory scopes, IAuthorizer authorizer, IAuditLog audit, TimeProvider time)
{
    // "people" in ASCII: changes come one at a time, so that two administrators can't remove each other at once.
    private const long LockKey = 0x70656F706C65;
    private const string Letters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private const string LastAdministrator = "That would leave no administrator: make somebody else one first.";

    public async Task<IReadOnlyList<Person>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, PermissionNames.UsersManage, AccessScope.Everything, cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var people = await database.Users.AsNoTracking().OrderBy(person => person.NormalizedUserName).ToListAsync(cancellationToken);
        var grants = (await database.Grants.AsNoTracking().ToListAsync(cancellationToken)).ToLookup(grant => grant.UserId);
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
            LastSignInAt = person.LastSignInAt,
            Grants = [.. grants[person.Id].OrderBy(grant => grant.CreatedAt)
                .Select(grant => new PersonGrant(grant.Id, grant.Role, grant.NodeId))],
        })];
    }

    /// <summary>Makes a person with a password that is made up, and must be changed at the first sign-in.</summary>
    public Task<PersonChange> CreateAsync(
        ClaimsPrincipal user, string userName, string displayName, string role, CancellationToken cancellationToken)
    {
        return ChangeAsync(user, "user.create", userName, async work =>
        {
            if (BuiltInRoles.Find(role) is null)
            {
                return new PersonChange($"There is no role '{role}'.");
            }

            var person = new PortalUser
            {
                Id = Guid.CreateVersion7(),
                UserName = userName.Trim(),
                DisplayName = displayName.Trim(),
                MustChangePassword = true,
                LockoutEnabled = true,
                CreatedAt = time.GetUtcNow(),
            };
            var password = RandomNumberGenerator.GetString(Letters, 16);
            var result = await work.Users.CreateAsync(person, password);
            if (!result.Succeeded)
            {
                return new PersonChange(Describe(result));
            }

            AddGrant(work, person.Id, role, null);
            work.Describe(person, $"role {role}");
            return new PersonChange(null, password);
        }, cancellationToken);
    }

    public Task<PersonChange> GrantAsync(
        ClaimsPrincipal user, Guid personId, string role, Guid? nodeId, CancellationToken cancellationToken)
    {
        return ChangeAsync(user, "user.grant", personId, async (work, person) =>
        {
            if (BuiltInRoles.Find(role) is null)
            {
                return new PersonChange($"There is no role '{role}'.");
            }

            if (await work.Database.Grants.AnyAsync(
                grant => grant.UserId == personId && grant.Role == role && grant.NodeId == nodeId, cancellationToken))
            {
                return new PersonChange($"'{person.UserName}' has that role there already.");
            }

            AddGrant(work, personId, role, nodeId);
            work.Describe(person, $"role {role}", nodeId);
            return PersonChange.Done;
        }, cancellationToken);
    }

    public Task<PersonChange> RevokeAsync(ClaimsPrincipal user, Guid personId, Guid grantId, CancellationToken cancellationToken)
    {
        return ChangeAsync(user, "user.revoke", personId, async (work, person) =>
        {
            var grant = await work.Database.Grants.SingleOrDefaultAsync(
                grant => grant.Id == grantId && grant.UserId == personId, cancellationToken);
            if (grant is null)
            {
                return PersonChange.Done;
            }

            work.Database.Grants.Remove(grant);
            work.Describe(person, $"role {grant.Role}", grant.NodeId);
            return PersonChange.Done;
        }, cancellationToken);
    }

    public Task<PersonChange> SetDisabledAsync(ClaimsPrincipal user, Guid personId, bool disabled, CancellationToken cancellationToken)
    {
        return ChangeAsync(user, disabled ? "user.disable" : "user.enable", personId, async (work, person) =>
        {
            if (disabled && personId == user.UserId())
            {
                return new PersonChange("You can't disable yourself.");
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
                return new PersonChange($"'{person.UserName}' is a service account: it has tokens, and no password.");
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

    /// <summary>Lets somebody who has lost their phone and their recovery codes in by the password alone, and ends their sessions.</summary>
    public Task<PersonChange> ResetTwoFactorAsync(ClaimsPrincipal user, Guid personId, CancellationToken cancellationToken)
    {
        return ChangeAsync(user, "user.two_factor_reset", personId, async (work, person) =>
        {
            await work.EndSessionsAsync(person, cancellationToken);
            await TwoFactorSetup.DisableAsync(work.Users, person);
            work.Describe(person, "");
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
            return person is null ? new PersonChange("There is no such person any more.") : await change(work, person);
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
        await work.Database.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", cancellationToken);
        var outcome = await change(work);
        if (outcome.Error is null)
        {
            await work.Database.SaveChangesAsync(cancellationToken);
            outcome = await HasAdministratorAsync(work.Database, cancellationToken) ? outcome : new PersonChange(LastAdministrator);
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

    private static Task<bool> HasAdministratorAsync(PortalDbContext database, CancellationToken cancellationToken)
    {
        return database.Grants.AnyAsync(
            grant => grant.Role == BuiltInRoles.Administrator && grant.NodeId == null && grant.EnvironmentId == null
                && database.Users.Any(person => person.DisabledAt == null && !person.IsServiceAccount && (person.Id == grant.UserId
                    || database.TeamMembers.Any(member => member.TeamId == grant.TeamId && member.UserId == person.Id))),
            cancellationToken);
    }

    private void AddGrant(PeopleWork work, Guid personId, string role, Guid? nodeId)
    {
        var now = time.GetUtcNow();
        work.Database.Grants.Add(new Grant
        {
            Id = Guid.CreateVersion7(),
            UserId = personId,
            Role = role,
            NodeId = nodeId,
            CreatedAt = now,
        });
    }

    private static string Describe(IdentityResult result) => string.Join(' ', result.Errors.Select(error => error.Description));
}
