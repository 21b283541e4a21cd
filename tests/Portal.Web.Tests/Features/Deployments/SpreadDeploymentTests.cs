using Portal.Compose.Placing;
using Portal.Web.Features.Deployments;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

/// <summary>Stacks over several nodes: where replicas go, and that a death at any change ends in the old state or the new one.</summary>
public sealed class SpreadDeploymentTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Old = """
        services:
          db: {image: 'db:1', volumes: ['data:/data'], deploy: {placement: {constraints: [node.hostname==c]}}}
          web: {image: 'web:1', depends_on: [db], deploy: {replicas: 2, placement: {constraints: [node.labels.zone==1]}}}
          gone: {image: 'gone:1', networks: [back]}
        networks: {back: {}}
        volumes: {data: {}}
        """;

    private const string New = """
        services:
          db: {image: 'db:1', volumes: ['data:/data'], deploy: {placement: {constraints: [node.hostname==c]}}}
          web:
            image: 'web:2'
            depends_on: [db]
            networks: [front, default]
            deploy: {replicas: 2, update_config: {order: start-first}, placement: {constraints: [node.labels.zone==2], max_replicas_per_node: 1}}
          all: {image: 'all:1', deploy: {mode: global}}
        networks: {front: {}}
        volumes: {data: {}}
        """;

    private const string OldPicture = "a: shop-gone-1 gone:1 running, shop-web-2 web:1 running, b: shop-web-1 web:1 running, "
        + "c: shop-db-1 db:1 running";

    private const string NewPicture = "a: shop-all-1 all:1 running, b: shop-all-2 all:1 running, c: shop-all-3 all:1 running, "
        + "shop-db-1 db:1 running, shop-web-2 web:2 running, d: shop-all-4 all:1 running, shop-web-1 web:2 running";

    private static readonly (string, string)[] s_nodes = [("a", "1"), ("b", "1"), ("c", "2"), ("d", "2")];

    [Fact]
    public async Task Deployment_OverNodes_PlacesMovesAndRemoves()
    {
        var (bench, fleet) = await StartAsync(New);
        await DeployAsync(bench, 1);
        Assert.Equal(OldPicture, fleet.Picture);
        Assert.Equal(["shop_back", "shop_default"], fleet.Networks);

        await DeployAsync(bench, 2);

        Assert.Equal(NewPicture, fleet.Picture);
        Assert.Equal(["shop_default", "shop_front"], fleet.Networks);
        Assert.Equal(["shop_data"], fleet["c"].Volumes);
        Assert.Empty(fleet["a"].Volumes);
    }

    [Fact]
    public async Task Deployment_Removed_LeavesNothingButVolumes()
    {
        var (bench, fleet) = await StartAsync(New);
        await DeployAsync(bench, 2);

        await bench.OrderAsync(2, DeploymentOperation.Stop);
        Assert.True(await bench.WorkAsync());
        Assert.DoesNotContain("running", fleet.Picture, StringComparison.Ordinal);
        await bench.OrderAsync(2, DeploymentOperation.Start);
        Assert.True(await bench.WorkAsync());
        Assert.Equal(NewPicture, fleet.Picture);
        await bench.OrderAsync(2, DeploymentOperation.Remove);
        Assert.True(await bench.WorkAsync());

        Assert.Equal(("", 0), (fleet.Picture, fleet.Networks.Count()));
        Assert.Equal(["shop_data"], fleet["c"].Volumes);
        Assert.Empty(StackPlacement.FromJson((await bench.StackNowAsync()).Placement).Replicas);
    }

    [Fact]
    public async Task Deployment_WhereAPortIsHeldOnEveryNode_IsRefusedBeforeAnythingIsTouched()
    {
        var (bench, fleet) = await StartAsync("services: {web: {image: 'web:1', ports: ['8080:80'], deploy: {replicas: 4}}}");
        var other = new SimulatedContainer
        {
            Id = new string('f', 64), Name = "nginx", Image = "nginx", ImageId = "x", Ports = ["8080/tcp"], State = "running",
        };
        fleet["b"].Add(other);

        var id = await bench.OrderAsync(2);
        Assert.True(await bench.WorkAsync());

        var row = await bench.FindAsync(id);
        Assert.Equal("Failed", row.State);
        Assert.Contains("'b': port 8080/tcp is published by 'nginx'", row.Message, StringComparison.Ordinal);
        Assert.Empty(fleet["a"].Changes);
    }

    [Fact]
    public async Task Deployment_WhereAnotherProjectHasTheName_IsRefused()
    {
        var (bench, fleet) = await StartAsync("services: {web: {image: 'web:1'}}");
        fleet["d"].Add(new SimulatedContainer
        {
            Id = new string('f', 64), Name = "shop_web_1", Image = "x", ImageId = "x",
            Labels = new Dictionary<string, string> { ["com.docker.compose.project"] = "shop", ["com.docker.compose.service"] = "web" },
        });

        var id = await bench.OrderAsync(2);
        Assert.True(await bench.WorkAsync());

        Assert.Contains("another project 'shop'", (await bench.FindAsync(id)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deployment_WithALostNode_GoesOnWithoutItAndTakesItsSurplusAwayWhenItIsBack()
    {
        var (bench, fleet) = await StartAsync("services: {web: {image: 'web:2', deploy: {replicas: 2}}}");
        await bench.OrderAsync(2);
        Assert.True(await bench.WorkAsync());
        Assert.Equal("a: shop-web-1 web:2 running, b: shop-web-2 web:2 running", fleet.Picture);
        fleet["b"].IsAway = true;
        fleet.Change("b", node => node with { Presence = NodePresence.Offline, Since = null });

        await DeployAsync(bench, 2);
        Assert.Equal("a: shop-web-1 web:2 running, b: shop-web-2 web:2 running, c: shop-web-2 web:2 running", fleet.Picture);

        fleet["b"].IsAway = false;
        fleet.Change("b", node => node with { Presence = NodePresence.Online });
        await DeployAsync(bench, 2);

        Assert.Equal(2, fleet.Picture.Split("running").Length - 1);
        Assert.Contains("shop-web-2", fleet.Picture, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeper_OfADrainedNode_MovesWhatCanBeMovedOnce()
    {
        var (bench, fleet) = await StartAsync(
            "services: {web: {image: 'web:2', deploy: {replicas: 2}}, db: {image: 'db:1', volumes: ['data:/data']}}\nvolumes: {data: {}}");
        await DeployAsync(bench, 2);
        Assert.Equal("a: shop-web-1 web:2 running, b: shop-web-2 web:2 running, c: shop-db-1 db:1 running", fleet.Picture);
        await bench.KeepAsync();
        Assert.Empty(await bench.WaitingAsync());

        fleet.Change("b", node => node with { Duty = NodeDuty.Drained });
        fleet.Change("c", node => node with { Duty = NodeDuty.Drained });
        await bench.KeepAsync();
        await bench.KeepAsync();

        var row = Assert.Single(await bench.WaitingAsync());
        Assert.Equal(("Placement", "web 2: 'b' is drained"), (row.Cause, row.CauseText));
        Assert.True(await bench.WorkAsync());
        Assert.Equal("a: shop-web-1 web:2 running, c: shop-db-1 db:1 running, d: shop-web-2 web:2 running", fleet.Picture);
        await bench.KeepAsync();
        Assert.Empty(await bench.WaitingAsync());
    }

    [Fact]
    public async Task Keeper_OfALostNode_StartsElsewhereAndStopsTheSurplusWhenItIsBack()
    {
        var (bench, fleet) = await StartAsync("services: {web: {image: 'web:2', deploy: {replicas: 2}}}");
        await DeployAsync(bench, 2);
        fleet["b"].IsAway = true;
        fleet.Change("b", node => node with { Presence = NodePresence.Offline, Since = null });

        await bench.KeepAsync();
        Assert.Equal("web 2: 'b' is lost", Assert.Single(await bench.WaitingAsync()).CauseText);
        Assert.True(await bench.WorkAsync());
        Assert.Equal("a: shop-web-1 web:2 running, b: shop-web-2 web:2 running, c: shop-web-2 web:2 running", fleet.Picture);
        await bench.KeepAsync();
        Assert.Empty(await bench.WaitingAsync());

        fleet["b"].IsAway = false;
        fleet.Change("b", node => node with { Presence = NodePresence.Online, Containers = fleet["b"].Views() });
        await bench.KeepAsync();
        Assert.Equal("web 2 runs on 'b', and is not to be there any more", Assert.Single(await bench.WaitingAsync()).CauseText);
        Assert.True(await bench.WorkAsync());
        Assert.Equal("a: shop-web-1 web:2 running, c: shop-web-2 web:2 running", fleet.Picture);
    }

    [Fact]
    public async Task Keeper_OfAStackThatAPersonStopped_LeavesItAlone()
    {
        var (bench, fleet) = await StartAsync("services: {web: {image: 'web:2', deploy: {replicas: 2}}}");
        await DeployAsync(bench, 2);
        await bench.OrderAsync(2, DeploymentOperation.Stop);
        Assert.True(await bench.WorkAsync());

        fleet.Change("b", node => node with { Duty = NodeDuty.Drained });
        await bench.KeepAsync();

        Assert.Empty(await bench.WaitingAsync());
    }

    [Theory]
    [Trait("Area", "deployments")]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task Portal_KilledAtEveryChangeOverNodes_AnotherEndsInTheNewStateOrTheOld(bool isAfter, bool isGood)
    {
        var file = isGood ? New : New.Replace("all:1", "all:bad", StringComparison.Ordinal);
        var expected = isGood ? NewPicture : OldPicture;
        string[] networks = isGood ? ["shop_default", "shop_front"] : ["shop_back", "shop_default"];
        for (var change = 0; ; change++)
        {
            var (bench, fleet) = await StartAsync(file);
            await DeployAsync(bench, 1);
            var id = await bench.OrderAsync(2);
            var (seen, here, hit) = (0, change, false);
            var isDone = await bench.WorkAsync(dieAt: (_, after) => after == isAfter && !hit && seen++ == here && (hit = true));
            Assert.True(isDone || await bench.WorkAsync());

            var row = await bench.FindAsync(id);
            Assert.Equal((expected, isGood ? "Succeeded" : "RolledBack"), (fleet.Picture, row.State));
            Assert.Equal(networks, fleet.Networks);
            if (!hit)
            {
                Assert.InRange(change, 20, 120);
                return;
            }
        }
    }

    private static async Task DeployAsync(DeploymentBench bench, int revision)
    {
        var id = await bench.OrderAsync(revision);
        Assert.True(await bench.WorkAsync());
        var row = await bench.FindAsync(id);
        Assert.True(row.State == "Succeeded", row.Message);
    }

    private async Task<(DeploymentBench Bench, SimulatedFleet Fleet)> StartAsync(string file)
    {
        var fleet = await SimulatedFleet.MakeAsync(portal, s_nodes);
        return (await DeploymentBench.SpreadAsync(portal, fleet, Old, file), fleet);
    }
}
