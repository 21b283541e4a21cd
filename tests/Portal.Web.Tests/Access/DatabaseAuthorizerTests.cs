using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Access;

public sealed class DatabaseAuthorizerTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Fact]
    public async Task IsAllowedAsync_GrantTakenAway_DeniesFromTheNextDecisionOn()
    {
        var id = await portal.AddPersonAsync("changes", BuiltInRoles.Operator);
        Assert.True(await IsAllowedAsync(id, PermissionNames.ContainersStop));

        await ChangeAsync(database => database.Grants.Where(grant => grant.UserId == id).ExecuteDeleteAsync());

        Assert.False(await IsAllowedAsync(id, PermissionNames.ContainersStop));
    }

    [Fact]
    public async Task IsAllowedAsync_PersonDisabled_DeniesAtOnce()
    {
        var id = await portal.AddPersonAsync("disabled", BuiltInRoles.Administrator);
        var now = TimeProvider.System.GetUtcNow();

        await ChangeAsync(database => database.Users.Where(user => user.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, now)));

        Assert.False(await IsAllowedAsync(id, PermissionNames.NodesView));
    }

    [Fact]
    public async Task IsAllowedAsync_PasswordMustChange_DeniesUntilThen()
    {
        var id = await portal.AddPersonAsync("newcomer", BuiltInRoles.Administrator);

        await ChangeAsync(database => database.Users.Where(user => user.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(user => user.MustChangePassword, true)));

        Assert.False(await IsAllowedAsync(id, PermissionNames.NodesView));
    }

    [Fact]
    public async Task EnsureAsync_NotAllowed_ThrowsAndIsOnRecord()
    {
        var id = await portal.AddPersonAsync("curious", BuiltInRoles.Viewer);
        var node = await portal.AddNodeAsync("secret-host");

        await Assert.ThrowsAsync<AccessDeniedException>(async () =>
            await Authorizer.EnsureAsync(Principal(id), PermissionNames.ContainersExec, AccessScope.Node(node), default));

        await ChangeAsync(async database =>
        {
            var record = await database.AuditLog.SingleAsync(record => record.ActorId == id);
            Assert.Equal(("denied", PermissionNames.ContainersExec, node), (record.Outcome, record.Action, record.NodeId!.Value));
        });
    }

    [Fact]
    public async Task IsAllowedAsync_NobodySignedIn_Denies()
    {
        Assert.False(await Authorizer.IsAllowedAsync(new ClaimsPrincipal(), PermissionNames.NodesView, AccessScope.Everything, default));
    }

    [Fact]
    public async Task IsAllowedAsync_TeamLeft_DeniesFromTheNextDecisionOn()
    {
        var id = await portal.AddPersonAsync("member", null);
        var team = new Team { Id = Guid.CreateVersion7(), Name = "platform" };
        await ChangeAsync(async database =>
        {
            database.Teams.Add(team);
            database.TeamMembers.Add(new TeamMember { TeamId = team.Id, UserId = id });
            database.Grants.Add(new Grant { Id = Guid.CreateVersion7(), TeamId = team.Id, Role = BuiltInRoles.Operator });
            await database.SaveChangesAsync();
        });
        Assert.True(await IsAllowedAsync(id, PermissionNames.ContainersStop));

        await ChangeAsync(database => database.TeamMembers.Where(member => member.UserId == id).ExecuteDeleteAsync());

        Assert.False(await IsAllowedAsync(id, PermissionNames.ContainersStop));
    }

    [Fact]
    public async Task IsAllowedAsync_NodeMovedToAnotherEnvironment_FollowsAtOnce()
    {
        var id = await portal.AddPersonAsync("staging-only", null);
        var node = await portal.AddNodeAsync("wanderer");
        var environment = new NodeEnvironment { Id = Guid.CreateVersion7(), Name = "staging" };
        await ChangeAsync(async database =>
        {
            database.Environments.Add(environment);
            var role = BuiltInRoles.Developer;
            database.Grants.Add(new Grant { Id = Guid.CreateVersion7(), UserId = id, Role = role, EnvironmentId = environment.Id });
            await database.SaveChangesAsync();
        });
        Assert.False(await IsAllowedAsync(id, PermissionNames.ContainersStop, AccessScope.Node(node)));

        await MoveAsync(node, environment.Id);
        Assert.True(await IsAllowedAsync(id, PermissionNames.ContainersStop, AccessScope.Node(node)));

        await MoveAsync(node, null);
        Assert.False(await IsAllowedAsync(id, PermissionNames.ContainersStop, AccessScope.Node(node)));
    }

    [Fact]
    public async Task IsAllowedAsync_CustomRoleChanged_FollowsAtOnceAndPassesOverWhatIsNoPermission()
    {
        var id = await portal.AddPersonAsync("restarter", null);
        string[] permissions = [PermissionNames.ContainersRestart, "world.rule"];
        var role = new CustomRole { Id = Guid.CreateVersion7(), Name = "Restarter", Permissions = permissions };
        await ChangeAsync(async database =>
        {
            database.CustomRoles.Add(role);
            database.Grants.Add(new Grant { Id = Guid.CreateVersion7(), UserId = id, Role = role.Id.ToString(), RoleId = role.Id });
            await database.SaveChangesAsync();
        });
        Assert.True(await IsAllowedAsync(id, PermissionNames.ContainersRestart));
        Assert.False(await IsAllowedAsync(id, "world.rule"));

        string[] other = [PermissionNames.ContainersView];
        await ChangeAsync(database => database.CustomRoles.Where(row => row.Id == role.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Permissions, other)));

        Assert.False(await IsAllowedAsync(id, PermissionNames.ContainersRestart));
        Assert.True(await IsAllowedAsync(id, PermissionNames.ContainersView));
    }

    private Task MoveAsync(Guid node, Guid? environment) => ChangeAsync(database => database.Nodes.Where(row => row.Id == node)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.EnvironmentId, environment)));

    private IAuthorizer Authorizer => portal.Services.GetRequiredService<IAuthorizer>();

    private ValueTask<bool> IsAllowedAsync(Guid id, string permission, AccessScope scope = default) =>
        Authorizer.IsAllowedAsync(Principal(id), permission, scope, default);

    private static ClaimsPrincipal Principal(Guid id) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, "name")], "test"));

    private async Task ChangeAsync(Func<PortalDbContext, Task> change)
    {
        await using var context = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await change(context);
    }
}
