using System.Reflection;
using Portal.Contracts.Permissions;
using Portal.Web.Access;

namespace Portal.Web.Tests.Access;

public sealed class BuiltInRolesTests
{
    private static readonly string[] s_all =
        [.. typeof(PermissionNames).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!)];

    [Fact]
    public void Catalog_HoldsEachPermissionOnceWithWords()
    {
        Assert.Equal(s_all.Order(), PermissionCatalog.All.Select(permission => permission.Name).Order());
        Assert.All(PermissionCatalog.All, permission => Assert.True(permission.Title.Length > 0 && permission.Description.EndsWith('.')));
        Assert.Equal(PermissionCatalog.All.Count(), PermissionCatalog.All.Select(permission => permission.Description).Distinct().Count());
    }

    [Fact]
    public void Administrator_MayDoEverything()
    {
        Assert.Empty(s_all.Except(BuiltInRoles.Find(BuiltInRoles.Administrator)!.Permissions));
    }

    [Fact]
    public void Roles_InOrder_EachHoldsMoreThanTheNext()
    {
        foreach (var (greater, smaller) in BuiltInRoles.All.Zip(BuiltInRoles.All.Skip(1)))
        {
            Assert.True(greater.Permissions.IsProperSupersetOf(smaller.Permissions), $"{greater.Name} and {smaller.Name}");
        }
    }

    [Fact]
    public void Viewer_MayOnlyLook()
    {
        Assert.All(BuiltInRoles.Find(BuiltInRoles.Viewer)!.Permissions, name => Assert.EndsWith(".view", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Roles_All_HoldKnownPermissionsOnly()
    {
        Assert.Empty(BuiltInRoles.All.SelectMany(role => role.Permissions).Except(s_all));
    }
}
