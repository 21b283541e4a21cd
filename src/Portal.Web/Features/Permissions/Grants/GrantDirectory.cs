using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Web.Access;
using Portal.Web.Access.Changes;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Permissions.Grants;

/// <summary>Gives roles to people and teams and takes them away: none that allows more than whoever gives it may there (<see cref="HandingOut"/>).</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class GrantDirectory(
    IDbContextFactory<PortalDbContext> contexts, AccessChanges changes, IAuthorizer authorizer, TimeProvider time)
{
    private static readonly string[] s_choosers =
        [PermissionNames.UsersManage, PermissionNames.TeamsManage, PermissionNames.RolesManage, PermissionNames.UsersInvite];

    /// <summary>All roles, for whoever gives them.</summary>
    public async Task<IReadOnlyList<Role>> ListRolesAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await EnsureChooserAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await CustomRoles.ListAsync(database, cancellationToken);
    }

    /// <summary>All stacks by name, for whoever gives roles on them.</summary>
    public async Task<IReadOnlyList<(Guid Id, string Name, string Place)>> ListStacksAsync(
        ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        await EnsureChooserAsync(user, cancellationToken);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await database.Stacks.AsNoTracking().OrderBy(stack => stack.Name).ThenBy(stack => stack.NodeName)
            .Select(stack => new { stack.Id, stack.Name, stack.NodeName }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => (row.Id, row.Name, row.NodeName))];
    }

    /// <summary>What was given to somebody, the oldest first; for a person with what their teams have.</summary>
    public async Task<IReadOnlyList<GrantEntry>> ListAsync(
        ClaimsPrincipal user, GrantSubject subject, CancellationToken cancellationToken)
    {
        // One's own may be seen by anybody.
        if (subject.UserId is null || subject.UserId != user.UserId())
        {
            await authorizer.EnsureAsync(user, subject.Permission, AccessScope.Everything, cancellationToken);
        }

        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var (userId, teamId) = (subject.UserId, subject.TeamId);
        var rows = await (
            from grant in database.Grants.AsNoTracking()
            where userId != null
                ? grant.UserId == userId
                    || database.TeamMembers.Any(member => member.TeamId == grant.TeamId && member.UserId == userId)
                : grant.TeamId == teamId
            join role in database.CustomRoles on grant.RoleId equals (Guid?)role.Id into roles
            from custom in roles.DefaultIfEmpty()
            orderby grant.CreatedAt, grant.Id
            select new
            {
                Grant = grant,
                Custom = custom,
                Team = database.Teams.Where(team => team.Id == grant.TeamId).Select(team => team.Name).FirstOrDefault(),
                Node = database.Nodes.Where(node => node.Id == grant.NodeId).Select(node => node.Name).FirstOrDefault(),
                Environment = database.Environments.Where(place => place.Id == grant.EnvironmentId).Select(place => place.Name)
                    .FirstOrDefault(),
                Stack = database.Stacks.Where(stack => stack.Id == grant.StackId).Select(stack => stack.Name).FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new GrantEntry(
            row.Grant.Id,
            row.Custom is null ? BuiltInRoles.Find(row.Grant.Role) : CustomRoles.ToRole(row.Custom),
            AccessScope.From(row.Grant.EnvironmentId, row.Grant.NodeId, row.Grant.StackId),
            row.Stack is { } stack ? T("stack {0}", stack) : row.Node is { } node ? T("node {0}", node) : row.Environment ?? T("everything"),
            row.Grant.TeamId,
            row.Team))];
    }

    public Task<AccessChange> GrantAsync(
        ClaimsPrincipal user, GrantSubject subject, string roleKey, AccessScope scope, CancellationToken cancellationToken)
    {
        return changes.RunAsync(user, subject.Permission, "access.grant", async work =>
        {
            var role = await CustomRoles.FindAsync(work.Database, roleKey, cancellationToken);
            var (name, place) = await NameAsync(work, subject, scope, role?.Name ?? roleKey, cancellationToken);
            var problem = role is null ? N("There is no such role any more.")
                : name is null ? N("They are not there any more.")
                : place is null ? N("That place is not there any more.")
                : HandingOut.Refuse(work.Own, role, await PlacedAsync(work, scope, cancellationToken));
            if (problem is not null)
            {
                return new AccessChange(problem);
            }

            var exists = await work.Database.Grants.AnyAsync(
                grant => grant.UserId == subject.UserId && grant.TeamId == subject.TeamId && grant.Role == role!.Key
                    && grant.EnvironmentId == scope.EnvironmentId && grant.NodeId == scope.NodeId && grant.StackId == scope.StackId,
                cancellationToken);
            if (exists)
            {
                return new AccessChange(E("'{0}' has the role '{1}' on {2} already.", name, role!.Name, place));
            }

            var added = Make(subject, role!, scope, time.GetUtcNow());
            work.Database.Grants.Add(added);
            return new AccessChange(null, added.Id);
        }, cancellationToken);
    }

    /// <summary>Takes a grant of somebody's away; one that is gone already is no error.</summary>
    public Task<AccessChange> RevokeAsync(
        ClaimsPrincipal user, GrantSubject subject, Guid grantId, CancellationToken cancellationToken)
    {
        return changes.RunAsync(user, subject.Permission, "access.revoke", async work =>
        {
            var grant = await work.Database.Grants.SingleOrDefaultAsync(
                grant => grant.Id == grantId && grant.UserId == subject.UserId && grant.TeamId == subject.TeamId, cancellationToken);
            if (grant is null)
            {
                return AccessChange.Done;
            }

            var scope = AccessScope.From(grant.EnvironmentId, grant.NodeId, grant.StackId);
            var role = await CustomRoles.FindAsync(work.Database, grant.Role, cancellationToken);
            await NameAsync(work, subject, scope, role?.Name ?? grant.Role, cancellationToken);
            if (role is not null && !work.Own.AllowsAll(role.Permissions, await PlacedAsync(work, scope, cancellationToken)))
            {
                return new AccessChange(E("The role '{0}' allows more than you may there yourself. Ask an administrator.", role.Name));
            }

            work.Database.Grants.Remove(grant);
            return AccessChange.Done;
        }, cancellationToken);
    }

    private async Task EnsureChooserAsync(ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var access = await authorizer.ReadAccessAsync(user, cancellationToken);
        if (!s_choosers.Any(name => access.Allows(name, AccessScope.Everything)))
        {
            await authorizer.EnsureAsync(user, PermissionNames.UsersManage, AccessScope.Everything, cancellationToken);
        }
    }

    /// <summary>A row that nobody has written yet.</summary>
    internal static Grant Make(GrantSubject subject, Role role, AccessScope scope, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        UserId = subject.UserId,
        TeamId = subject.TeamId,
        Role = role.Key,
        RoleId = role.Id,
        EnvironmentId = scope.EnvironmentId,
        NodeId = scope.NodeId,
        StackId = scope.StackId,
        CreatedAt = now,
    };

    // A stack with where it is: who may give a role there may give it on the stack.
    private static async Task<AccessScope> PlacedAsync(AccessWork work, AccessScope scope, CancellationToken cancellationToken) =>
        scope.StackId is { } id
        && await work.Database.Stacks.AsNoTracking().SingleOrDefaultAsync(stack => stack.Id == id, cancellationToken) is { } stack
            ? stack.Scope()
            : scope;

    // What the audit log will say; null for what is not there.
    private static async Task<(string? Name, string? Place)> NameAsync(
        AccessWork work, GrantSubject subject, AccessScope scope, string role, CancellationToken cancellationToken)
    {
        var database = work.Database;
        var name = subject.TeamId is { } teamId
            ? await database.Teams.Where(team => team.Id == teamId).Select(team => team.Name).SingleOrDefaultAsync(cancellationToken)
            : await database.Users.Where(person => person.Id == subject.UserId).Select(person => person.UserName)
                .SingleOrDefaultAsync(cancellationToken);
        var place = scope.StackId is { } stackId
                ? await database.Stacks.Where(row => row.Id == stackId).Select(row => "the stack " + row.Name + " on " + row.NodeName)
                    .SingleOrDefaultAsync(cancellationToken)
            : scope.NodeId is { } nodeId
                ? await database.Nodes.Where(node => node.Id == nodeId).Select(node => node.Name).SingleOrDefaultAsync(cancellationToken)
            : scope.EnvironmentId is { } environmentId
                ? await database.Environments.Where(row => row.Id == environmentId).Select(row => row.Name)
                    .SingleOrDefaultAsync(cancellationToken)
            : "everything";
        var detail = $"role {role} on {place ?? "a place that is gone"}";
        var type = subject.TeamId is null ? "user" : "team";
        work.Describe(type, subject.TeamId ?? subject.UserId ?? Guid.Empty, name ?? "", detail, scope.NodeId);
        return (name, place);
    }
}
