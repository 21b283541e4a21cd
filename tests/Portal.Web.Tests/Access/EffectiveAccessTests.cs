using Portal.Contracts.Permissions;
using Portal.Web.Access;

namespace Portal.Web.Tests.Access;

public sealed class EffectiveAccessTests
{
    private static readonly Guid s_node = Guid.CreateVersion7();
    private static readonly Guid s_other = Guid.CreateVersion7();

    [Fact]
    public void Allows_NoGrant_DeniesAll()
    {
        Assert.False(EffectiveAccess.None.Allows(PermissionNames.NodesView, AccessScope.Everything));
        Assert.False(EffectiveAccess.None.AllowsSomewhere(PermissionNames.NodesView));
    }

    [Fact]
    public void Allows_GrantOnEverything_CoversEachNode()
    {
        var access = new EffectiveAccess([(BuiltInRoles.Viewer, null)]);

        Assert.True(access.Allows(PermissionNames.NodesView, AccessScope.Node(s_node)));
        Assert.True(access.Allows(PermissionNames.NodesView, AccessScope.Everything));
        Assert.False(access.Allows(PermissionNames.ContainersStart, AccessScope.Node(s_node)));
    }

    [Fact]
    public void Allows_GrantOnANode_CoversThatNodeAlone()
    {
        var access = new EffectiveAccess([(BuiltInRoles.Operator, s_node)]);

        Assert.True(access.Allows(PermissionNames.ContainersStart, AccessScope.Node(s_node)));
        Assert.False(access.Allows(PermissionNames.ContainersStart, AccessScope.Node(s_other)));
        Assert.False(access.Allows(PermissionNames.ContainersStart, AccessScope.Everything));
    }

    [Fact]
    public void AllowsSomewhere_GrantOnANode_OpensListsOfNodesButNothingOfThePortal()
    {
        var access = new EffectiveAccess([(BuiltInRoles.Administrator, s_node)]);

        Assert.True(access.AllowsSomewhere(PermissionNames.ContainersView));
        Assert.False(access.AllowsSomewhere(PermissionNames.UsersManage));
        Assert.False(access.AllowsSomewhere(PermissionNames.AuditView));
    }

    [Fact]
    public void Allows_RoleThatIsNoMore_DeniesAll()
    {
        var access = new EffectiveAccess([("Emperor", null)]);

        Assert.False(access.Allows(PermissionNames.NodesView, AccessScope.Everything));
    }
}
