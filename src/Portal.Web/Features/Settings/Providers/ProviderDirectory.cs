using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Access.Changes;
using Portal.Web.Features.Permissions.Teams;
using Portal.Web.Identity.Providers;
using Portal.Web.Identity.Providers.Protocol;

namespace Portal.Web.Features.Settings.Providers;

/// <summary>
/// Lists and changes the providers that people may sign in by. Each member asks for the permission of sign-in rules. What a provider gives to
/// who comes in, whoever sets it up must have: see <see cref="HandingOut"/>.
/// </summary>
/// <remarks>Singleton; any thread. A secret goes in and never comes out.</remarks>
internal sealed class ProviderDirectory(
    IDbContextFactory<PortalDbContext> contexts, ProviderSecrets secrets, AccessChanges changes, IAuthorizer authorizer, TimeProvider time)
{
    private const string Gone = "There is no such provider any more.";

    public async Task<IReadOnlyList<ProviderEntry>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var links = await database.UserLogins.GroupBy(login => login.LoginProvider)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(row => row.Key, row => row.Count, cancellationToken);
        var rows = await database.SignInProviders.AsNoTracking().OrderBy(row => row.Name).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new ProviderEntry(
            row.Id, row.Name, Enum.Parse<ProviderKind>(row.Kind), row.Authority, row.Enabled,
            links.GetValueOrDefault(ProvidedPeople.LoginOf(row))))];
    }

    /// <summary>One to change, without its secret; null when there is none.</summary>
    public async Task<ProviderInput?> FindAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await database.SignInProviders.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return row is null ? null : new ProviderInput
        {
            Id = row.Id,
            Name = row.Name,
            Kind = Enum.Parse<ProviderKind>(row.Kind),
            Authority = row.Authority,
            ClientId = row.ClientId,
            HasSecret = row.Secret is not null,
            Enabled = row.Enabled,
            UpdatedAt = row.UpdatedAt,
            Settings = ProviderSettings.Parse(row.Settings),
        };
    }

    /// <summary>The roles and teams that a provider can give.</summary>
    public async Task<(IReadOnlyList<Role> Roles, IReadOnlyList<TeamName> Teams)> ListChoicesAsync(
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var teams = await database.Teams.AsNoTracking().OrderBy(team => team.Name)
            .Select(team => new TeamName(team.Id, team.Name)).ToListAsync(cancellationToken);
        return (await CustomRoles.ListAsync(database, cancellationToken), teams);
    }

    /// <summary>Adds or changes one.</summary>
    public Task<AccessChange> SaveAsync(ClaimsPrincipal user, ProviderInput input, CancellationToken cancellationToken) => changes.RunAsync(
        user, PermissionNames.SignInManage, "sign_in_provider.save", work => SaveAsync(work, input, cancellationToken), cancellationToken);

    /// <summary>Removes one, with the links of people to it and what its groups gave them.</summary>
    public Task<AccessChange> RemoveAsync(ClaimsPrincipal user, Guid id, CancellationToken cancellationToken)
    {
        return changes.RunAsync(user, PermissionNames.SignInManage, "sign_in_provider.remove", async work =>
        {
            if (await work.Database.SignInProviders.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
            {
                return AccessChange.Done;
            }

            work.Describe("sign_in_provider", id, row.Name);
            work.Database.SignInProviders.Remove(row);
            await work.Database.UserLogins.Where(login => login.LoginProvider == ProvidedPeople.LoginOf(row))
                .ExecuteDeleteAsync(cancellationToken);
            return AccessChange.Done;
        }, cancellationToken);
    }

    /// <summary>A provider as it would be with what was entered, and its secret, to try it out.</summary>
    /// <exception cref="ProviderException">The secret that is kept can't be read.</exception>
    public async Task<(SignInProvider Provider, string Secret)> DraftAsync(
        ClaimsPrincipal user, ProviderInput input, CancellationToken cancellationToken)
    {
        await EnsureAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var present = await database.SignInProviders.AsNoTracking().SingleOrDefaultAsync(row => row.Id == input.Id, cancellationToken);
        var keeps = input.Secret.Length == 0 && KeepsSecret(present, input);
        var draft = new SignInProvider { Id = input.Id };
        Fill(draft, input);
        return (draft, keeps ? secrets.Unprotect(present!) : input.Secret);
    }

    private async Task<AccessChange> SaveAsync(AccessWork work, ProviderInput input, CancellationToken cancellationToken)
    {
        var present = await work.Database.SignInProviders.SingleOrDefaultAsync(row => row.Id == input.Id, cancellationToken);
        work.Describe("sign_in_provider", input.Id, input.Name.Trim(), Summary(input));
        var problems = ProviderRules.FindProblems(input).ToList();
        var name = input.Name.Trim();
        if (await work.Database.SignInProviders.AnyAsync(row => row.Id != input.Id && row.Name == name, cancellationToken))
        {
            problems.Add(E("There is a provider '{0}' already.", name));
        }

        if (present?.Secret is not null && input.Secret.Length == 0 && !KeepsSecret(present, input))
        {
            problems.Add(N("Enter the client's secret anew: it belongs to the address and the client id that it was entered for."));
        }

        if (problems.Count == 0 && await RefuseAsync(work, input.Settings, cancellationToken) is { } refusal)
        {
            problems.Add(refusal);
        }

        if (problems.Count > 0)
        {
            return new AccessChange(string.Join(' ', problems));
        }

        var row = present ?? new SignInProvider { Id = input.Id, CreatedAt = time.GetUtcNow() };
        Fill(row, input);
        row.UpdatedAt = time.GetUtcNow();
        row.Secret = input.Secret.Length > 0 ? secrets.Protect(row, input.Secret) : row.Secret;
        if (present is null)
        {
            work.Database.SignInProviders.Add(row);
        }

        return new AccessChange(null, row.Id);
    }

    // Who sets up who comes in hands out what they get.
    private static async Task<string?> RefuseAsync(AccessWork work, ProviderSettings settings, CancellationToken cancellationToken)
    {
        if (settings is { AllowsNew: true, NewRole.Length: > 0 })
        {
            var role = await CustomRoles.FindAsync(work.Database, settings.NewRole, cancellationToken);
            var problem = role is null ? N("There is no such role any more.") : HandingOut.Refuse(work.Own, role, AccessScope.Everything);
            if (problem is not null)
            {
                return problem;
            }
        }

        var teams = settings.Teams.Select(pair => pair.TeamId).Concat(settings.NewTeam is { } team ? [team] : []).Distinct();
        foreach (var id in teams)
        {
            var problem = await work.Database.Teams.AnyAsync(other => other.Id == id, cancellationToken)
                ? await TeamDirectory.RefuseAsync(work, id, cancellationToken)
                : N("There is no such team any more.");
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static void Fill(SignInProvider row, ProviderInput input)
    {
        (row.Name, row.Kind, row.Enabled) = (input.Name.Trim(), input.Kind.ToString(), input.Enabled);
        (row.Authority, row.ClientId) = (ProviderAddress.Normalize(input.Authority) ?? input.Authority, input.ClientId.Trim());
        row.Settings = input.Settings.ToJson();
    }

    // Otherwise whoever may change an address could have the secret, which nobody is shown, sent to a server of their own.
    private static bool KeepsSecret(SignInProvider? present, ProviderInput input) => present?.Secret is not null
        && present.Authority == ProviderAddress.Normalize(input.Authority) && present.ClientId == input.ClientId.Trim();

    private static string Summary(ProviderInput input)
    {
        var settings = input.Settings;
        var comers = settings.AllowsNew ? $"new people as {(settings.NewRole.Length > 0 ? settings.NewRole : "nothing")}" : "no new people";
        var offered = input.Enabled ? "offered" : "not offered";
        return $"{input.Kind} at {input.Authority}, {offered}, {comers}, {settings.Teams.Count} groups mapped";
    }

    private ValueTask<Actor> EnsureAsync(ClaimsPrincipal user, CancellationToken cancellationToken) =>
        authorizer.EnsureAsync(user, PermissionNames.SignInManage, AccessScope.Everything, cancellationToken);
}
