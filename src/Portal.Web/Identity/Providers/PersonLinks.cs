using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Audit;

namespace Portal.Web.Identity.Providers;

/// <summary>The accounts elsewhere by which a person signs in here.</summary>
/// <remarks>Singleton; each call has a scope of its own.</remarks>
internal sealed class PersonLinks(IServiceScopeFactory scopes, IAuditLog audit, TimeProvider time)
{
    /// <summary>Every provider that is offered or linked, by name.</summary>
    public async Task<IReadOnlyList<PersonLink>> ListAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var links = await database.UserLogins.AsNoTracking().Where(login => login.UserId == userId).ToListAsync(cancellationToken);
        var providers = await database.SignInProviders.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellationToken);
        return
        [
            .. providers
                .Select(row => new PersonLink(
                    row.Id, row.Name, row.Enabled,
                    links.Find(link => link.LoginProvider == ProvidedPeople.LoginOf(row))?.ProviderDisplayName))
                .Where(link => link.Offered || link.Account is not null),
        ];
    }

    /// <summary>Removes a link, and takes the person out of the teams that it put them into.</summary>
    /// <returns>Why not, for the person; null when it is done.</returns>
    public async Task<string?> RemoveAsync(Guid userId, Guid providerId, Actor actor, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PortalUser>>();
        var provider = await database.SignInProviders.AsNoTracking().SingleOrDefaultAsync(row => row.Id == providerId, cancellationToken);
        if (provider is null || await users.FindByIdAsync(userId.ToString()) is not { } user)
        {
            return N("There is no such link any more.");
        }

        var logins = await users.GetLoginsAsync(user);
        if (logins.FirstOrDefault(login => login.LoginProvider == ProvidedPeople.LoginOf(provider)) is not { } link)
        {
            return null;
        }

        if (logins.Count == 1 && !await users.HasPasswordAsync(user) && (await users.GetPasskeysAsync(user)).Count == 0)
        {
            return N("This is your only way to sign in. Add a passkey or another link first.");
        }

        var result = await users.RemoveLoginAsync(user, link.LoginProvider, link.ProviderKey);
        if (!result.Succeeded)
        {
            return string.Join(' ', result.Errors.Select(error => error.Description));
        }

        var entry = new AuditEntry(
            actor, "user.unlink", "user", user.Id.ToString(), user.UserName!, null, AuditOutcome.Succeeded, provider.Name);
        await audit.WriteAsync(entry, CancellationToken.None);
        await ProvidedTeams.ClearAsync(database, audit, provider, user, time.GetUtcNow(), cancellationToken);
        return null;
    }
}
