using Portal.Web.Features.Deployments;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

/// <summary>Ports of stacks over nodes: every node answers at them, from the first deployment that wants it to the last.</summary>
public sealed class SpreadPortTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Old = "services: {web: {image: 'web:1', ports: ['8080:80', '53:53/udp'], deploy: {replicas: 3}}}";
    private const string New = "services: {web: {image: 'web:2', ports: ['8080:80', '9090:90'], deploy: {replicas: 3}}}";
    private static readonly (string, string)[] s_nodes = [("a", "1"), ("b", "1")];

    [Fact]
    public async Task Deployment_WithPorts_HasEveryNodeAnswerWhereverReplicasAre()
    {
        var (bench, fleet) = await StartAsync();
        await DeployAsync(bench, 1);

        // Two of them are on one node, which a port of that node would not allow.
        Assert.Equal("a: shop-web-1 web:1 running, shop-web-3 web:1 running, b: shop-web-2 web:1 running", fleet.Picture);
        Assert.Equal("shop_default 53/udp, shop_default 8080/tcp", fleet.Ports);
        Assert.All(fleet["a"].Containers, container => Assert.Empty(container.Ports));

        await DeployAsync(bench, 2);
        Assert.Equal("shop_default 8080/tcp, shop_default 9090/tcp", fleet.Ports);

        await bench.OrderAsync(2, DeploymentOperation.Remove);
        Assert.True(await bench.WorkAsync());
        Assert.Equal("", fleet.Ports);
    }

    [Fact]
    public async Task Ports_OfBothRevisions_AnswerWhileOneTakesThePlaceOfTheOther()
    {
        var (bench, fleet) = await StartAsync();
        await DeployAsync(bench, 1);
        var seen = new HashSet<string>();

        await bench.OrderAsync(2);
        Assert.True(await bench.WorkAsync((what, _) =>
        {
            if (what.EndsWith("/stop", StringComparison.Ordinal))
            {
                seen.Add(fleet.Ports);
            }

            return false;
        }));

        Assert.Equal(["shop_default 53/udp, shop_default 8080/tcp, shop_default 9090/tcp"], seen);
    }

    [Theory]
    [InlineData("program", "On 'b': It is busy.")]
    [InlineData("container", "On 'b': port 8080/tcp is published by 'nginx' already.")]
    [InlineData("stack", "every node answers at port 8080/tcp for the network 'other_default' already")]
    public async Task Port_ThatSomebodyHasOnANodeWithoutReplicas_IsRefusedBeforeAnythingIsTouched(string holder, string expected)
    {
        var (bench, fleet) = await StartAsync("services: {web: {image: 'web:1', ports: ['8080:80']}}");
        if (holder == "program")
        {
            fleet["b"].Busy.Add(8080);
        }
        else if (holder == "stack")
        {
            fleet.Held["8080/tcp"] = "other_default";
        }
        else
        {
            fleet["b"].Add(new SimulatedContainer
            {
                Id = new string('f', 64), Name = "nginx", Image = "nginx", ImageId = "x", Ports = ["8080/tcp"], State = "running",
            });
        }

        var id = await bench.OrderAsync(2);
        Assert.True(await bench.WorkAsync());

        var row = await bench.FindAsync(id);
        Assert.Equal("Failed", row.State);
        Assert.Contains(expected, row.Message, StringComparison.Ordinal);
        Assert.Equal(("", 0), (fleet.Ports, fleet["a"].Changes.Count));
    }

    [Fact]
    public async Task Port_ThatTheStackHasAlready_IsNotAskedForAgain()
    {
        var (bench, fleet) = await StartAsync("services: {web: {image: 'web:2', ports: ['8080:80', '53:53/udp']}}");
        await DeployAsync(bench, 1);
        fleet["b"].Busy.Add(8080);

        await DeployAsync(bench, 2);

        Assert.Equal("shop_default 53/udp, shop_default 8080/tcp", fleet.Ports);
    }

    [Fact]
    public async Task Port_OfEveryNodeThatOneShallHaveAlone_IsRefused()
    {
        var (bench, _) = await StartAsync("services: {web: {image: 'web:2', ports: [{target: 80, published: '8080', mode: host}]}}");
        await DeployAsync(bench, 1);

        var id = await bench.OrderAsync(2);
        Assert.True(await bench.WorkAsync());

        Assert.Contains("deploy once without it", (await bench.FindAsync(id)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Area", "deployments")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Portal_KilledAtEveryChange_AnotherEndsWithThePortsOfTheNewStateOrTheOld(bool isGood)
    {
        for (var change = 0; ; change++)
        {
            var (bench, fleet) = await StartAsync(isGood ? New : New.Replace("web:2", "web:bad", StringComparison.Ordinal));
            await DeployAsync(bench, 1);
            var id = await bench.OrderAsync(2);
            var (seen, here, hit) = (0, change, false);
            var isDone = await bench.WorkAsync(dieAt: (_, _) => !hit && seen++ == here && (hit = true));
            Assert.True(isDone || await bench.WorkAsync());

            Assert.Equal(isGood ? "Succeeded" : "RolledBack", (await bench.FindAsync(id)).State);
            Assert.Equal($"shop_default {(isGood ? "8080/tcp, shop_default 9090/tcp" : "53/udp, shop_default 8080/tcp")}", fleet.Ports);
            if (!hit)
            {
                Assert.InRange(change, 10, 200);
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

    private async Task<(DeploymentBench Bench, SimulatedFleet Fleet)> StartAsync(string file = New)
    {
        var fleet = await SimulatedFleet.MakeAsync(portal, s_nodes);
        return (await DeploymentBench.SpreadAsync(portal, fleet, Old, file), fleet);
    }
}
