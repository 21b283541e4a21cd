using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Access;
using Portal.Web.Features.FleetLists.Preferences;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.FleetLists;

public sealed class ColumnPreferencesTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Fact]
    public async Task Write_AgainAndForAnotherListOrPerson_IsKeptApart()
    {
        var columns = portal.Services.GetRequiredService<IColumnPreferences>();
        var one = await portal.AddPersonAsync("columns-one", BuiltInRoles.Viewer);
        var two = await portal.AddPersonAsync("columns-two", BuiltInRoles.Viewer);

        await columns.WriteAsync(one, "images", ["size", "built"], default);
        await columns.WriteAsync(one, "images", ["built"], default);
        await columns.WriteAsync(one, "volumes", [], default);

        Assert.Equal(["built"], await columns.ReadAsync(one, "images", default));
        Assert.Equal([], await columns.ReadAsync(one, "volumes", default));
        Assert.Null(await columns.ReadAsync(two, "images", default));
    }
}
