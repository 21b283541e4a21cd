using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Access.Changes;

namespace Portal.Web.Features.Permissions.Teams;

/// <summary>Lists, makes, changes and deletes teams. Who joins one gets all that it was given, so whoever lets them in must have that.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class TeamDirectory(
    IDbContextFactory<PortalDbContext> contexts, AccessChanges changes, IAuthorizer authorizer, TimeProvider time)
{
    private const int LongestName = 64;
    private const int LongestDescription = 512;
    private const string Gone = "There is no such team any more.";

    public async Task<IReadOnlyList<TeamEntry>> ListAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, PermissionNames.TeamsManage, AccessScope.Everything, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var teams = await database.Teams.AsNoTracking().OrderBy(team => team.Name).ToListAsync(cancellationToken);
        var members = (await (
            from member in database.TeamMembers
            join person in database.Users on member.UserId equals person.Id
            orderby person.NormalizedUserName
            select new { member.TeamId, Person = new TeamPerson(person.Id, person.UserName!, person.DisplayName) })
            .ToListAsync(cancellationToken)).ToLookup(row => row.TeamId, row => row.Person);
        var custom = await database.CustomRoles.ToDictionaryAsync(role => role.Id.ToString(), role => role.Name, cancellationToken);
        var roles = (await database.Grants.Where(grant => grant.TeamId != null).Select(grant => new { grant.TeamId, grant.Role })
            .Distinct().ToListAsync(cancellationToken))
            .ToLookup(row => row.TeamId, row => custom.GetValueOrDefault(row.Role) ?? BuiltInRoles.TitleOf(row.Role));
        return [.. teams.Select(team => new TeamEntry(
            team.Id, team.Name, team.Description, [.. members[team.Id]], [.. roles[team.Id].Order(StringComparer.OrdinalIgnoreCase)]))];
    }

    /// <summary>People, for whoever puts them into teams.</summary>
    public async Task<IReadOnlyList<TeamPerson>> ListPeopleAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await authorizer.EnsureAsync(user, PermissionNames.TeamsManage, AccessScope.Everything, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Users.AsNoTracking().OrderBy(person => person.NormalizedUserName)
            .Select(person => new TeamPerson(person.Id, person.UserName!, person.DisplayName)).ToListAsync(cancellationToken);
    }

    /// <summary>Makes a team, or changes the one with the id.</summary>
    public Task<AccessChange> SaveAsync(
        ClaimsPrincipal user, Guid? teamId, string name, string description, CancellationToken cancellationToken)
    {
        return changes.RunAsync(user, PermissionNames.TeamsManage, teamId is null ? "team.create" : "team.update", async work =>
        {
            var now = time.GetUtcNow();
            var id = teamId ?? Guid.CreateVersion7(now);
            work.Describe("team", id, name.Trim());
            var others = await work.Database.Teams.Where(team => team.Id != id).Select(team => team.Name).ToListAsync(cancellationToken);
            var problem = name.Trim().Length is 0 or > LongestName || name.Any(char.IsControl)
                    ? E("A team's name has 1 to {0} characters.", LongestName)
                : description.Length > LongestDescription ? E("A description has up to {0} characters.", LongestDescription)
                : others.Contains(name.Trim(), StringComparer.OrdinalIgnoreCase) ? E("There is a team '{0}' already.", name.Trim())
                : null;
            var team = teamId is null
                ? new Team { Id = id, CreatedAt = now }
                : await work.Database.Teams.SingleOrDefaultAsync(team => team.Id == id, cancellationToken);
            if (problem is not null || team is null)
            {
                return new AccessChange(problem ?? Gone);
            }

            (team.Name, team.Description) = (name.Trim(), description.Trim());
            if (teamId is null)
            {
                work.Database.Teams.Add(team);
            }

            return new AccessChange(null, id);
        }, cancellationToken);
    }

    /// <summary>Deletes a team with all that it was given; one that is gone already is no error.</summary>
    public Task<AccessChange> RemoveAsync(ClaimsPrincipal user, Guid teamId, CancellationToken cancellationToken)
    {
        return changes.RunAsync(user, PermissionNames.TeamsManage, "team.delete", async work =>
        {
            var team = await work.Database.Teams.SingleOrDefaultAsync(team => team.Id == teamId, cancellationToken);
            if (team is null)
            {
                return AccessChange.Done;
            }

            work.Describe("team", teamId, team.Name);
            work.Database.Teams.Remove(team);
            return new AccessChange(await RefuseAsync(work, team.Id, cancellationToken));
        }, cancellationToken);
    }

    public Task<AccessChange> AddMemberAsync(ClaimsPrincipal user, Guid teamId, Guid personId, CancellationToken cancellationToken)
    {
        return changes.RunAsync(user, PermissionNames.TeamsManage, "team.add_member", async work =>
        {
            var (team, person) = await FindAsync(work, teamId, personId, cancellationToken);
            if (team is null || person is null)
            {
                return new AccessChange(team is null ? Gone : N("There is no such person any more."));
            }

            if (await work.Database.TeamMembers.AnyAsync(
                member => member.TeamId == teamId && member.UserId == personId, cancellationToken))
            {
                return new AccessChange(E("'{0}' is in the team already.", person.UserName));
            }

            work.Database.TeamMembers.Add(new TeamMember { TeamId = teamId, UserId = personId, AddedAt = time.GetUtcNow() });
            return new AccessChange(await RefuseAsync(work, team.Id, cancellationToken));
        }, cancellationToken);
    }

    public Task<AccessChange> RemoveMemberAsync(ClaimsPrincipal user, Guid teamId, Guid personId, CancellationToken cancellationToken)
    {
        return changes.RunAsync(user, PermissionNames.TeamsManage, "team.remove_member", async work =>
        {
            var (team, _) = await FindAsync(work, teamId, personId, cancellationToken);
            var member = await work.Database.TeamMembers.SingleOrDefaultAsync(
                member => member.TeamId == teamId && member.UserId == personId, cancellationToken);
            if (team is null || member is null)
            {
                return AccessChange.Done;
            }

            work.Database.TeamMembers.Remove(member);
            return new AccessChange(await RefuseAsync(work, team.Id, cancellationToken));
        }, cancellationToken);
    }

    private static async Task<(Team? Team, PortalUser? Person)> FindAsync(
        AccessWork work, Guid teamId, Guid personId, CancellationToken cancellationToken)
    {
        var team = await work.Database.Teams.SingleOrDefaultAsync(team => team.Id == teamId, cancellationToken);
        var person = await work.Database.Users.SingleOrDefaultAsync(person => person.Id == personId, cancellationToken);
        work.Describe("team", teamId, team?.Name ?? "", person?.UserName ?? personId.ToString());
        return (team, person);
    }

    /// <summary>Why somebody may not decide about a team, since that is to decide about all that was given to it; null when they may.</summary>
    internal static async Task<string?> RefuseAsync(AccessWork work, Guid teamId, CancellationToken cancellationToken)
    {
        var grants = await work.Database.Grants.AsNoTracking().Where(grant => grant.TeamId == teamId).ToListAsync(cancellationToken);
        foreach (var grant in grants)
        {
            var scope = AccessScope.From(grant.EnvironmentId, grant.NodeId, grant.StackId);
            if (await CustomRoles.FindAsync(work.Database, grant.Role, cancellationToken) is { } role
                && HandingOut.Refuse(work.Own, role, scope) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }
}
