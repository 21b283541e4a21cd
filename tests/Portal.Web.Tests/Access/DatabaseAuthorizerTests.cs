using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Permissions;
using Portal.Data;
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

    private IAuthorizer Authorizer => portal.Services.GetRequiredService<IAuthorizer>();

    private ValueTask<bool> IsAllowedAsync(Guid id, string permission) =>
        Authorizer.IsAllowedAsync(Principal(id), permission, AccessScope.Everything, default);

    private static ClaimsPrincipal Principal(Guid id) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString()), new Claim(ClaimTypes.Name, "name")], "test"));

    private async Task ChangeAsync(Func<PortalDbContext, Task> change)
    {
        await using var context = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await change(context);
    }
}
