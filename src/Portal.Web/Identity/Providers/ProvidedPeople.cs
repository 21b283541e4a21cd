using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Access.Changes;
using Portal.Web.Audit;
using Portal.Web.Features.Permissions.Grants;
using Portal.Web.Identity.Invitations;
using Portal.Web.Identity.Providers.Protocol;

namespace Portal.Web.Identity.Providers;

/// <summary>
/// Who somebody of a provider is here. Accounts are found by their link alone, never by a name or a mail address: whoever can choose those at a
/// provider must not become somebody else here.
/// </summary>
/// <remarks>Singleton; each call has a scope of its own.</remarks>
internal sealed class ProvidedPeople(IServiceScopeFactory scopes, InvitationBook invitations, IAuditLog audit, TimeProvider time)
{
    /// <summary>The person who has linked this account; or a new one, where the provider lets new ones in.</summary>
    public async Task<(PortalUser? User, string? Problem)> FindOrAddAsync(
        SignInProvider provider, ProvidedIdentity identity, string address, CancellationToken cancellationToken)
    {
        var settings = ProviderSettings.Parse(provider.Settings);
        if (ProviderAdmission.FindProblem(provider.Name, settings, identity) is { } refusal)
        {
            return (null, refusal);
        }

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var known = await users.FindByLoginAsync(LoginOf(provider), identity.Key);
        if (known is null && !settings.AllowsNew)
        {
            return (null, E("No account here is linked to this one at {0}. Ask for an invitation; or sign in as before "
                + "and link it on your profile.", provider.Name));
        }

        if (known is null)
        {
            return await AddAsync(scope, provider, settings, identity, address, cancellationToken);
        }

        await ProvidedTeams.SynchronizeAsync(Database(scope), audit, provider, known, identity, time.GetUtcNow(), cancellationToken);
        return (known, null);
    }

    /// <summary>Takes up an invitation as who the provider says it is.</summary>
    public async Task<(PortalUser? User, string? Problem)> AcceptAsync(
        string secret, SignInProvider provider, ProvidedIdentity identity, string address, CancellationToken cancellationToken)
    {
        if (ProviderAdmission.FindProblem(provider.Name, ProviderSettings.Parse(provider.Settings), identity) is { } refusal)
        {
            return (null, refusal);
        }

        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        if (await users.FindByLoginAsync(LoginOf(provider), identity.Key) is { } known)
        {
            return (null, E("This account at {0} belongs to '{1}' here already. Sign in; the invitation "
                + "stays good.", provider.Name, known.UserName));
        }

        var person = await MakeAsync(users, identity);
        var (userId, problem) = await invitations.AcceptAsync(
            secret,
            person,
            (manager, made) => CreateAsync(manager, made, provider, identity),
            $"by {provider.Name}",
            address,
            cancellationToken);
        if (userId is null || await users.FindByIdAsync(userId.Value.ToString()) is not { } user)
        {
            return (null, problem);
        }

        await ProvidedTeams.SynchronizeAsync(Database(scope), audit, provider, user, identity, time.GetUtcNow(), cancellationToken);
        return (user, null);
    }

    /// <summary>Links the account at the provider to a person's here.</summary>
    /// <returns>Why not, for the person; null when it is done.</returns>
    public async Task<string?> LinkAsync(
        Guid userId, SignInProvider provider, ProvidedIdentity identity, Actor actor, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var problem = ProviderAdmission.FindProblem(provider.Name, ProviderSettings.Parse(provider.Settings), identity);
        var owner = await users.FindByLoginAsync(LoginOf(provider), identity.Key);
        var user = await users.FindByIdAsync(userId.ToString());
        if (problem is not null || user is null || owner?.Id == userId)
        {
            return problem ?? (user is null ? N("This account does not exist any more.") : null);
        }

        if (owner is not null)
        {
            return E("This account at {0} belongs to somebody else here already.", provider.Name);
        }

        if ((await users.GetLoginsAsync(user)).Any(login => login.LoginProvider == LoginOf(provider)))
        {
            return E("You have linked another account at {0}. Remove that link first.", provider.Name);
        }

        var result = await users.AddLoginAsync(user, InfoOf(provider, identity));
        if (!result.Succeeded)
        {
            return string.Join(' ', result.Errors.Select(error => error.Description));
        }

        var entry = new AuditEntry(
            actor, "user.link", "user", user.Id.ToString(), user.UserName!, null, AuditOutcome.Succeeded, Describe(provider, identity));
        await audit.WriteAsync(entry, CancellationToken.None);
        await ProvidedTeams.SynchronizeAsync(Database(scope), audit, provider, user, identity, time.GetUtcNow(), cancellationToken);
        return null;
    }

    /// <summary>What links of a provider stand under.</summary>
    public static string LoginOf(SignInProvider provider) => provider.Id.ToString("N");

    private async Task<(PortalUser? User, string? Problem)> AddAsync(
        AsyncServiceScope scope, SignInProvider provider, ProviderSettings settings, ProvidedIdentity identity, string address,
        CancellationToken cancellationToken)
    {
        var database = Database(scope);
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await AccessInvariants.LockAsync(database, cancellationToken);
        var person = await MakeAsync(users, identity);
        var result = await CreateAsync(users, person, provider, identity);
        if (!result.Succeeded)
        {
            return (null, string.Join(' ', result.Errors.Select(error => error.Description)));
        }

        var now = time.GetUtcNow();
        if (await CustomRoles.FindAsync(database, settings.NewRole, cancellationToken) is { } role)
        {
            database.Grants.Add(GrantDirectory.Make(GrantSubject.Person(person.Id), role, AccessScope.Everything, now));
        }

        if (settings.NewTeam is { } team && await database.Teams.AnyAsync(other => other.Id == team, cancellationToken))
        {
            database.TeamMembers.Add(new TeamMember { TeamId = team, UserId = person.Id, AddedAt = now });
        }

        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var entry = new AuditEntry(
            new Actor(person.Id, person.UserName!, address), "user.create", "user", person.Id.ToString(), person.UserName!, null,
            AuditOutcome.Succeeded, Describe(provider, identity));
        await audit.WriteAsync(entry, CancellationToken.None);
        await ProvidedTeams.SynchronizeAsync(database, audit, provider, person, identity, now, cancellationToken);
        return (person, null);
    }

    private async Task<PortalUser> MakeAsync(UserManager<PortalUser> users, ProvidedIdentity identity) => new()
    {
        Id = Guid.CreateVersion7(),
        UserName = await ProvidedName.FindAsync(users, identity),
        DisplayName = ProvidedName.Shorten(identity.DisplayName),
        Email = identity.VerifiedMail.Length is > 0 and <= 256 ? identity.VerifiedMail : null,
        EmailConfirmed = identity.VerifiedMail.Length is > 0 and <= 256,
        LockoutEnabled = true,
        CreatedAt = time.GetUtcNow(),
    };

    private static async Task<IdentityResult> CreateAsync(
        UserManager<PortalUser> users, PortalUser person, SignInProvider provider, ProvidedIdentity identity)
    {
        var result = await users.CreateAsync(person);
        return result.Succeeded ? await users.AddLoginAsync(person, InfoOf(provider, identity)) : result;
    }

    private static UserLoginInfo InfoOf(SignInProvider provider, ProvidedIdentity identity)
    {
        var shown = identity.UserName.Length > 0 ? identity.UserName : identity.VerifiedMail;
        return new UserLoginInfo(LoginOf(provider), identity.Key, ProvidedName.Shorten(shown.Length > 0 ? shown : identity.Subject));
    }

    private static string Describe(SignInProvider provider, ProvidedIdentity identity) =>
        $"by {provider.Name}, account {ProvidedName.Shorten(identity.Subject)}";

    private static PortalDbContext Database(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<PortalDbContext>();
}
