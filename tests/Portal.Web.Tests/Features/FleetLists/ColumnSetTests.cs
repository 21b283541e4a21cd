using Portal.Web.Features.FleetLists;
using Portal.Web.Features.Networks.Listing;

namespace Portal.Web.Tests.Features.FleetLists;

public sealed class ColumnSetTests
{
    [Fact]
    public void Has_ColumnThatIsNotThereNow_IsFalse()
    {
        var columns = new ColumnSet<NetworkSort>([new(NetworkSort.Name, "Name", Fixed: true)], []);

        Assert.True(columns.Has(NetworkSort.Name));
        Assert.False(columns.Has(NetworkSort.Node));
    }
}
