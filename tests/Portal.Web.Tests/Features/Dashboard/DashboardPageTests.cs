using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using Portal.Web.Access;
using Portal.Web.Features.Dashboard;
using Portal.Web.Features.Deployments.Holding;
using Portal.Web.Features.Stats;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Dashboard;

public sealed class DashboardPageTests
{
    private readonly FakeFleet _fleet = new();

    [Fact]
    public void Summary_OfNodes_CountsWhatTheirContainersAre()
    {
        var nodes = new[] { FakeFleet.Node("edge", 0.5), FakeFleet.Node("core", 0.1) with { Presence = NodePresence.Offline, Sample = null } };

        var summary = FleetSummary.Of(nodes);
        var changed = FleetSummary.Of([nodes[0] with { Containers = nodes[0].Containers.Remove(new string('a', 64)) }, nodes[1]]);

        Assert.Equal((1, 4, 2), (summary.NodesOnline, summary.Containers, summary.Running));
        Assert.Equal([("running", 2), ("failed", 2)], summary.States.Select(state => (state.Name, state.Count)).OrderByDescending(state => state.Name));
        Assert.Equal(["job", "job"], summary.Troubled.Select(entry => entry.Container.Name));
        Assert.Equal(["edge", "core"], summary.Troubled.Select(entry => entry.Node.Name).OrderDescending());
        Assert.Equal((3, 1), (changed.Containers, changed.Running));
    }

    [Fact]
    public async Task Cards_OfMoreNodesThanAreDrawnAtOnce_BeginWithThoseThatAreAwayAndGoOnWhenAsked()
    {
        var nodes = Enumerable.Range(0, 60).Select(number => FakeFleet.Node($"node-{number:D2}")).ToArray();
        nodes[^1] = nodes[^1] with { Presence = NodePresence.Offline };
        _fleet.Set(nodes);
        var host = await OpenAsync();

        var first = await CardsAsync(host);
        Assert.Equal(48, first.Count);
        Assert.Equal(["node-59", "node-00", "node-01"], first.Take(3));
        Assert.Contains("48 of 60 nodes", (await host.DoAsync(page => page.Find("role", "status"))).Text, StringComparison.Ordinal);

        var more = (await host.DoAsync(page => page.Elements()))
            .Single(element => element.Name == "button" && element.Text.Contains("Show more nodes", StringComparison.Ordinal));
        await host.RaiseAsync(more, "onclick", null);

        Assert.Equal(60, (await CardsAsync(host)).Distinct().Count());
        Assert.DoesNotContain(await host.DoAsync(page => page.Elements()), element => element.Text.Trim() == "Show more nodes");
    }

    [Fact]
    public async Task Cards_OfFewNodes_AreAllThereByName()
    {
        _fleet.Set(FakeFleet.Node("edge"), FakeFleet.Node("core"), FakeFleet.Node("west") with { Presence = NodePresence.Offline });

        Assert.Equal(["core", "edge", "west"], await CardsAsync(await OpenAsync()));
    }

    private async Task<PageHost> OpenAsync()
    {
        var (host, _, _) = await PageHost.OpenAsync<DashboardPage>(
            "",
            _fleet,
            new EffectiveAccess([(BuiltInRoles.Viewer, null)]),
            services => services
                .AddSingleton<IJSRuntime, SlowBrowser>()
                .AddSingleton(_ => new DeploymentApprovals(null!, null!, null!, null!))
                .AddSingleton(_ => new StatsHistory(null!, null!, TimeProvider.System)));
        return host;
    }

    private static async Task<List<string>> CardsAsync(PageHost host) => [.. (await host.DoAsync(page => page.Elements()))
        .Where(element => element.Name == "a" && element.Attributes.GetValueOrDefault("class") is "p-grid-name p-truncate")
        .Select(element => element.Text.Trim())];
}
