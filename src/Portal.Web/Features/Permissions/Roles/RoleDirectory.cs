using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Access.Changes;

namespace Portal.Web.Features.Permissions.Roles;

/// <summary>Lists, makes, changes and deletes roles. What a change adds, whoever makes it must have wherever the role was given.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class RoleDirectory(
    IDbContextFactory<PortalDbContext> contexts, AccessChanges changes, IAuthorizer authorizer, TimeProvider time)
{
    private const int LongestName = 64;
    private const int LongestDescription = 512;

    public async Task<IReadOnlyList<RoleEntry>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, PermissionNames.RolesManage, AccessScope.Everything, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var roles = await CustomRoles.ListAsync(database, cancellationToken);
        var holders = (await database.Grants.AsNoTracking().Select(grant => new { grant.Role, grant.UserId, grant.TeamId })
            .Distinct().ToListAsync(cancellationToken)).ToLookup(grant => grant.Role);
        return [.. roles.Select(role => new RoleEntry(
            role,
            holders[role.Key].Where(holder => holder.UserId is not null).Select(holder => holder.UserId).Distinct().Count(),
            holders[role.Key].Where(holder => holder.TeamId is not null).Select(holder => holder.TeamId).Distinct().Count()))];
    }

    public async Task<Role?> FindAsync(ClaimsPrincipal user, string key, CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, PermissionNames.RolesManage, AccessScope.Everything, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await CustomRoles.FindAsync(database, key, cancellationToken);
    }

    /// <summary>Who would lose something with the role: people, and teams.</summary>
    public async Task<IReadOnlyList<string>> ListHoldersAsync(ClaimsPrincipal user, string key, CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, PermissionNames.RolesManage, AccessScope.Everything, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var people = await database.Users
            .Where(person => database.Grants.Any(grant => grant.Role == key && grant.UserId == person.Id))
            .OrderBy(person => person.NormalizedUserName).Select(person => person.UserName!).ToListAsync(cancellationToken);
        var teams = await database.Teams
            .Where(team => database.Grants.Any(grant => grant.Role == key && grant.TeamId == team.Id))
            .OrderBy(team => team.Name)
            .Select(team => new { team.Name, Members = database.TeamMembers.Count(member => member.TeamId == team.Id) })
            .ToListAsync(cancellationToken);
        return [.. people, .. teams.Select(team => $"the team {team.Name} ({team.Members} {(team.Members == 1 ? "member" : "members")})")];
    }

    public Task<AccessChange> CreateAsync(ClaimsPrincipal user, RoleInput input, CancellationToken cancellationToken)
    {
        return changes.RunAsync(user, PermissionNames.RolesManage, "role.create", async work =>
        {
            var now = time.GetUtcNow();
            var role = new CustomRole { Id = Guid.CreateVersion7(now), CreatedAt = now };
            work.Describe("role", role.Id, input.Name.Trim(), string.Join(' ', input.Permissions.Order(StringComparer.Ordinal)));
            if (await CheckAsync(work, role.Id, input, cancellationToken) is { } problem)
            {
                return new AccessChange(problem);
            }

            Apply(role, input, now);
            work.Database.CustomRoles.Add(role);
            return new AccessChange(null, role.Id);
        }, cancellationToken);
    }

    public Task<AccessChange> UpdateAsync(ClaimsPrincipal user, Guid roleId, RoleInput input, CancellationToken cancellationToken)
    {
        return changes.RunAsync(user, PermissionNames.RolesManage, "role.update", async work =>
        {
            work.Describe("role", roleId, input.Name.Trim());
            var role = await work.Database.CustomRoles.SingleOrDefaultAsync(role => role.Id == roleId, cancellationToken);
            if (role is null)
            {
                return new AccessChange(N("There is no such role any more."));
            }

            var added = input.Permissions.Except(role.Permissions).Order(StringComparer.Ordinal).ToList();
            var removed = role.Permissions.Except(input.Permissions).Order(StringComparer.Ordinal);
            var detail = string.Join(' ', [.. added.Select(name => "+" + name), .. removed.Select(name => "-" + name)]);
            work.Describe("role", roleId, role.Name, detail);
            var problem = await CheckAsync(work, roleId, input, cancellationToken)
                ?? await RefuseAsync(work, role, added, cancellationToken);
            if (problem is not null)
            {
                return new AccessChange(problem);
            }

            Apply(role, input, time.GetUtcNow());
            return new AccessChange(null, roleId);
        }, cancellationToken);
    }

    /// <summary>Deletes a role and takes it from all who have it; one that is gone already is no error.</summary>
    public Task<AccessChange> RemoveAsync(ClaimsPrincipal user, Guid roleId, CancellationToken cancellationToken)
    {
        return changes.RunAsync(user, PermissionNames.RolesManage, "role.delete", async work =>
        {
            var role = await work.Database.CustomRoles.SingleOrDefaultAsync(role => role.Id == roleId, cancellationToken);
            if (role is not null)
            {
                var grants = await work.Database.Grants.CountAsync(grant => grant.RoleId == roleId, cancellationToken);
                work.Describe("role", roleId, role.Name, $"{grants} grants went with it");
                if (await RefuseAsync(work, role, role.Permissions, cancellationToken) is { } problem)
                {
                    return new AccessChange(problem);
                }

                work.Database.CustomRoles.Remove(role);
            }

            return AccessChange.Done;
        }, cancellationToken);
    }

    // Who has the role gets what is added, wherever they have it.
    private static async Task<string?> RefuseAsync(
        AccessWork work, CustomRole role, IReadOnlyCollection<string> permissions, CancellationToken cancellationToken)
    {
        var places = await work.Database.Grants.Where(grant => grant.RoleId == role.Id)
            .Select(grant => new { grant.EnvironmentId, grant.NodeId, grant.StackId }).Distinct().ToListAsync(cancellationToken);
        return places
            .Select(place => HandingOut.Refuse(
                work.Own, permissions, AccessScope.From(place.EnvironmentId, place.NodeId, place.StackId), $"the role '{role.Name}'"))
            .FirstOrDefault(problem => problem is not null);
    }

    private static async Task<string?> CheckAsync(AccessWork work, Guid roleId, RoleInput input, CancellationToken cancellationToken)
    {
        var name = input.Name.Trim();
        var unknown = input.Permissions.FirstOrDefault(permission => PermissionCatalog.Find(permission) is null);
        var problem = name.Length is 0 or > LongestName ? E("A role's name has 1 to {0} characters.", LongestName)
            : name.Any(char.IsControl) || Guid.TryParse(name, out _) ? N("This can't be a role's name.")
            : BuiltInRoles.All.Any(role => role.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ? E("'{0}' is a built-in role.", name)
            : input.Description.Length > LongestDescription ? E("A description has up to {0} characters.", LongestDescription)
            : input.Permissions.Count == 0 ? N("Choose at least one permission.")
            : unknown is not null ? E("There is no permission '{0}'.", unknown)
            : null;
        var names = await work.Database.CustomRoles.Where(role => role.Id != roleId).Select(role => role.Name)
            .ToListAsync(cancellationToken);
        return problem ?? (names.Contains(name, StringComparer.OrdinalIgnoreCase) ? E("There is a role '{0}' already.", name) : null);
    }

    private static void Apply(CustomRole role, RoleInput input, DateTimeOffset now)
    {
        role.Name = input.Name.Trim();
        role.Description = input.Description.Trim();
        role.Permissions = [.. input.Permissions.Distinct().Order(StringComparer.Ordinal)];
        role.UpdatedAt = now;
    }
}
