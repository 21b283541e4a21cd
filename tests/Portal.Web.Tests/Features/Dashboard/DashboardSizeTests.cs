using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Dashboard;

public sealed class DashboardSizeTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/containers")]
    public async Task Page_AThousandNodes_IsHardlyLargerThanOfSixty(string page)
    {
        using var person = await portal.SignInAsync("admin");
        portal.Fleet.Set([.. Nodes(0, 60)]);
        var few = (await person.GetStringAsync(page)).Length;

        portal.Fleet.Set([.. Nodes(60, 940)]);
        var many = (await person.GetStringAsync(page)).Length;

        // The list names all nodes to choose from, with a few dozen bytes each; a card is two thousand. Sizes vary by a few bytes
        // otherwise, as durations do that the page tells.
        Assert.True(many < few + 120_000, $"{many} bytes with a thousand nodes, {few} with sixty.");
        foreach (var node in portal.Fleet.Current.Nodes.Keys)
        {
            portal.Fleet.Remove(node);
        }
    }

    private static IEnumerable<NodeState> Nodes(int first, int count) =>
        Enumerable.Range(first, count).Select(number => FakeFleet.Node($"node-{number:D4}", 0.2));
}
