using System.Collections.Frozen;
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
    public void Allows_GrantOnAStack_CoversTheStackWhereverItIs()
    {
        var (stack, environment) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var access = new EffectiveAccess([new AccessGrant(BuiltInRoles.Find(BuiltInRoles.Administrator)!, AccessScope.Stack(stack))], []);

        Assert.True(access.Allows(PermissionNames.StacksDeploy, AccessScope.Node(s_node).OfStack(stack)));
        Assert.True(access.Allows(PermissionNames.StacksDeploy, AccessScope.Environment(environment).OfStack(stack)));
        Assert.False(access.Allows(PermissionNames.StacksDeploy, AccessScope.Node(s_node).OfStack(Guid.CreateVersion7())));
        Assert.False(access.Allows(PermissionNames.StacksDeploy, AccessScope.Node(s_node)));
        Assert.False(access.Allows(PermissionNames.StacksDeploy, AccessScope.Environment(environment)));
        Assert.False(access.Allows(PermissionNames.StacksDeploy, AccessScope.Everything));
        Assert.False(access.Allows(PermissionNames.StacksDeploy, AccessScope.Node(s_node).OfStack(Guid.Empty)));
        Assert.True(access.AllowsSomewhere(PermissionNames.StacksView));
        Assert.False(access.AllowsSomewhere(PermissionNames.NodesView));
        Assert.False(access.AllowsSomewhere(PermissionNames.UsersManage));
    }

    [Fact]
    public void Allows_GrantAroundAStack_CoversIt()
    {
        var (stack, environment) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var role = BuiltInRoles.Find(BuiltInRoles.Deployer)!;
        var onNode = new EffectiveAccess([new AccessGrant(role, AccessScope.Node(s_node))], []);
        var onEnvironment = new EffectiveAccess(
            [new AccessGrant(role, AccessScope.Environment(environment))], [KeyValuePair.Create(s_node, environment)]);

        Assert.True(onNode.Allows(PermissionNames.StacksDeploy, AccessScope.Node(s_node).OfStack(stack)));
        Assert.False(onNode.Allows(PermissionNames.StacksDeploy, AccessScope.Node(s_other).OfStack(stack)));
        Assert.False(onNode.Allows(PermissionNames.StacksDeploy, AccessScope.Environment(environment).OfStack(stack)));
        Assert.True(onEnvironment.Allows(PermissionNames.StacksDeploy, AccessScope.Node(s_node).OfStack(stack)));
        Assert.True(onEnvironment.Allows(PermissionNames.StacksDeploy, AccessScope.Environment(environment).OfStack(stack)));
        Assert.False(onEnvironment.Allows(PermissionNames.StacksDeploy, AccessScope.Node(s_other).OfStack(stack)));
        Assert.False(AccessScope.Stack(stack).IsEverything);
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
    public void Allows_GrantOnAnEnvironment_CoversItsNodesAlone()
    {
        var (environment, elsewhere) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var grant = new AccessGrant(BuiltInRoles.Find(BuiltInRoles.Operator)!, AccessScope.Environment(environment));
        var access = new EffectiveAccess([grant], [KeyValuePair.Create(s_node, environment), KeyValuePair.Create(s_other, elsewhere)]);

        Assert.True(access.Allows(PermissionNames.ContainersStart, AccessScope.Node(s_node)));
        Assert.True(access.Allows(PermissionNames.ContainersStart, AccessScope.Environment(environment)));
        Assert.False(access.Allows(PermissionNames.ContainersStart, AccessScope.Node(s_other)));
        Assert.False(access.Allows(PermissionNames.ContainersStart, AccessScope.Node(Guid.CreateVersion7())));
        Assert.False(access.Allows(PermissionNames.ContainersStart, AccessScope.Environment(elsewhere)));
        Assert.False(access.Allows(PermissionNames.ContainersStart, AccessScope.Everything));
        Assert.True(access.AllowsSomewhere(PermissionNames.ContainersView));
        Assert.False(access.AllowsSomewhere(PermissionNames.AuditView));
    }

    [Fact]
    public void IsSameAs_NodeMovedOrRoleChanged_IsAnother()
    {
        var environment = Guid.CreateVersion7();
        Role Custom(params string[] permissions) => new("Restarter", "", permissions.ToFrozenSet(), environment);
        EffectiveAccess Access(Role role, Guid node) =>
            new([new AccessGrant(role, AccessScope.Environment(environment))], [KeyValuePair.Create(node, environment)]);

        var access = Access(Custom(PermissionNames.ContainersRestart), s_node);

        Assert.True(access.IsSameAs(Access(Custom(PermissionNames.ContainersRestart), s_node)));
        Assert.False(access.IsSameAs(Access(Custom(PermissionNames.ContainersRestart), s_other)));
        Assert.False(access.IsSameAs(Access(Custom(PermissionNames.ContainersStop), s_node)));
    }

    [Fact]
    public void Allows_RoleThatIsNoMore_DeniesAll()
    {
        var access = new EffectiveAccess([("Emperor", null)]);

        Assert.False(access.Allows(PermissionNames.NodesView, AccessScope.Everything));
    }
}
