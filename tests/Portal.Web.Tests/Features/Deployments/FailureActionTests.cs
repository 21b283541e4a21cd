using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Portal.Web.Access;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Holding;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

/// <summary>What <c>update_config</c> and <c>rollback_config</c> say of containers that fail.</summary>
public sealed class FailureActionTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string Old = "services: {web: {image: 'web:1', deploy: {replicas: 4}}}";

    private const string OldPicture =
        "shop-web-1 web:1 running, shop-web-2 web:1 running, shop-web-3 web:1 running, shop-web-4 web:1 running";

    private const string NewPicture =
        "shop-web-1 web:2 running, shop-web-2 web:2 running, shop-web-3 web:2 running, shop-web-4 web:2 running";

    [Theory]
    [InlineData("stop-first", "shop-web-1 web:2 running, shop-web-2 web:2 exited, shop-web-3 web:1 running, shop-web-4 web:1 running")]
    [InlineData("start-first", "shop-web-1 web:2 running, shop-web-2 web:1 running, shop-web-3 web:1 running, shop-web-4 web:1 running")]
    public async Task Pause_WhenOneFails_StopsThereAndGoesOnWhenAsked(string order, string paused)
    {
        var bench = await StartAsync($"{{failure_action: pause, order: {order}}}");
        bench.Node.Fails = name => name.EndsWith("shop-web-2", StringComparison.Ordinal);
        var id = await DeployAsync(bench, 2);

        var row = await bench.FindAsync(id);
        Assert.Equal(("Paused", "Apply", (DateTimeOffset?)null, paused), (row.State, row.Phase, row.FinishedAt, bench.Node.Picture));
        Assert.NotNull(row.PausedAt);
        Assert.Contains("shop-web-2 ended with code 1", row.Message, StringComparison.Ordinal);
        Assert.Null(await bench.Store.ClaimAsync(Guid.NewGuid(), default));
        Assert.Equal(1, (await bench.StackNowAsync()).GoodRevision);

        bench.Node.Fails = _ => false;
        var user = await PersonAsync();
        await Paused.GoOnAsync(user, id, default);
        await Assert.ThrowsAsync<StackException>(() => Paused.GoBackAsync(user, id, default));
        Assert.True(await bench.WorkAsync());

        row = await bench.FindAsync(id);
        Assert.Equal(("Succeeded", "", ""), (row.State, row.Message, row.GoneOnBy));
        Assert.Equal(NewPicture, bench.Node.Picture);
        Assert.Equal(2, (await bench.StackNowAsync()).GoodRevision);
    }

    [Theory]
    [InlineData(false, "RolledBack")]
    [InlineData(true, "Cancelled")]
    public async Task Paused_RolledBackOrCancelled_GoesBack(bool isCancelled, string expected)
    {
        var bench = await StartAsync("{failure_action: pause, parallelism: 2}");
        bench.Node.Fails = name => name.EndsWith("shop-web-3", StringComparison.Ordinal);
        var id = await DeployAsync(bench, 2);
        Assert.Equal("Paused", (await bench.FindAsync(id)).State);

        if (isCancelled)
        {
            Assert.True(await portal.Services.GetRequiredService<IDeployments>().CancelAsync(id, "bob", default));
        }
        else
        {
            await Paused.GoBackAsync(await PersonAsync(), id, default);
        }

        bench.Node.Fails = _ => false;
        Assert.True(await bench.WorkAsync());
        var row = await bench.FindAsync(id);
        Assert.Equal((expected, OldPicture), (row.State, bench.Node.Picture));
        Assert.Contains("Revision 1 runs again.", row.Message, StringComparison.Ordinal);
        Assert.NotNull(row.FinishedAt);
    }

    [Fact]
    public async Task Paused_WhenAnotherIsAskedFor_IsSuperseded()
    {
        var bench = await StartAsync("{failure_action: pause}");
        bench.Node.Fails = name => name.EndsWith("shop-web-1", StringComparison.Ordinal);
        var id = await DeployAsync(bench, 2);
        var placement = await bench.OrderAsync(1, cause: DeploymentCause.Placement);
        Assert.Equal("Skipped", (await bench.FindAsync(placement)).State);
        var restart = await bench.OrderAsync(2, DeploymentOperation.Restart);
        Assert.True(await bench.WorkAsync());
        Assert.Equal(("Succeeded", "Paused"), ((await bench.FindAsync(restart)).State, (await bench.FindAsync(id)).State));

        var push = await bench.OrderAsync(1, cause: DeploymentCause.Webhook);

        var row = await bench.FindAsync(id);
        Assert.Equal(("Superseded", (Guid?)push), (row.State, row.SupersededBy));
        await Assert.ThrowsAsync<StackException>(async () => await Paused.GoOnAsync(await PersonAsync(), id, default));
        bench.Node.Fails = _ => false;
        Assert.True(await bench.WorkAsync());
        Assert.Equal(("Succeeded", OldPicture), ((await bench.FindAsync(push)).State, bench.Node.Picture));
    }

    [Fact]
    public async Task Paused_ByWhoMayOnlySee_StaysPaused()
    {
        var bench = await StartAsync("{failure_action: pause}");
        bench.Node.Fails = _ => true;
        var id = await DeployAsync(bench, 2);
        var viewer = await PersonAsync(BuiltInRoles.Viewer);

        await Assert.ThrowsAsync<AccessDeniedException>(() => Paused.GoOnAsync(viewer, id, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Paused.GoBackAsync(viewer, id, default));

        Assert.Equal("Paused", (await bench.FindAsync(id)).State);
    }

    [Theory]
    [InlineData("{max_failure_ratio: 0.25, failure_action: pause}", "Succeeded")]
    [InlineData("{max_failure_ratio: 0.24, failure_action: pause}", "Paused")]
    [InlineData("{max_failure_ratio: 0.24}", "RolledBack")]
    [InlineData("{max_failure_ratio: 0.24, failure_action: rollback, parallelism: 0}", "RolledBack")]
    [InlineData("{failure_action: continue}", "Succeeded")]
    public async Task Failures_UpToTheRatio_AreLetBe(string config, string expected)
    {
        var bench = await StartAsync(config);
        bench.Node.Fails = name => name.EndsWith("shop-web-2", StringComparison.Ordinal);
        bench.Node.Heals = "web:1";
        var id = await DeployAsync(bench, 2);

        var row = await bench.FindAsync(id);
        Assert.Equal(expected, row.State);
        if (expected == "Succeeded")
        {
            Assert.Equal(NewPicture.Replace("shop-web-2 web:2 running", "shop-web-2 web:2 exited", StringComparison.Ordinal), bench.Node.Picture);
            Assert.StartsWith("Done, with failures that the file lets be: The container shop-web-2 ended", row.Message, StringComparison.Ordinal);
        }
    }

    // What never ran is no successor: the old one goes on.
    [Theory]
    [InlineData("{failure_action: continue}", "web:2")]
    [InlineData("{failure_action: pause}", "web:1")]
    public async Task Successor_ThatCanNotBeStarted_LeavesTheOldOneRunning(string config, string others)
    {
        var bench = await StartAsync(config);
        bench.Node.Refuses = name => name.EndsWith("shop-web-1", StringComparison.Ordinal) && name.Length > "shop-web-1".Length;
        await DeployAsync(bench, 2);

        Assert.Equal(
            $"shop-web-1 web:1 running, shop-web-2 {others} running, shop-web-3 {others} running, shop-web-4 {others} running",
            bench.Node.Picture);
    }

    [Fact]
    public async Task Monitor_OfOneThatEndsAWhileAfterItsStart_KeepsTheNextFromGoing()
    {
        var bench = await StartAsync("{failure_action: pause, monitor: 30s}");
        (bench.Node.Fails, bench.Node.EndsAfter) = (name => name.EndsWith("shop-web-1", StringComparison.Ordinal), 20);
        await DeployAsync(bench, 2);

        Assert.Equal(
            "shop-web-1 web:2 exited, shop-web-2 web:1 running, shop-web-3 web:1 running, shop-web-4 web:1 running", bench.Node.Picture);
    }

    [Fact]
    public async Task RollbackConfig_IsWhatGoingBackFollows()
    {
        const string File = """
            services:
              web:
                image: 'web:1'
                deploy: {replicas: 3, rollback_config: {parallelism: 0, order: start-first, failure_action: pause}}
            """;
        var all = File.Replace("replicas: 3,", "replicas: 3, update_config: {parallelism: 0},", StringComparison.Ordinal);
        var bench = await DeploymentBench.MakeAsync(portal, File, all.Replace("web:1", "web:bad", StringComparison.Ordinal));
        await DeployAsync(bench, 1);
        bench.Node.Fails = name => name.EndsWith("shop-web-2", StringComparison.Ordinal);
        var id = await DeployAsync(bench, 2);

        // All at once, and the one that failed again keeps its predecessor until somebody says what is to be done.
        var row = await bench.FindAsync(id);
        Assert.Equal(("Paused", "RollBack"), (row.State, row.Phase));
        Assert.Contains("Going back: The container ", row.Message, StringComparison.Ordinal);
        bench.Node.Fails = _ => false;
        await Paused.GoOnAsync(await PersonAsync(), id, default);
        Assert.True(await bench.WorkAsync());
        Assert.Equal(
            ("RolledBack", "shop-web-1 web:1 running, shop-web-2 web:1 running, shop-web-3 web:1 running"),
            ((await bench.FindAsync(id)).State, bench.Node.Picture));
    }

    [Fact]
    public async Task FirstDeployment_PausedAndTakenBack_LeavesNothing()
    {
        var bench = await DeploymentBench.MakeAsync(
            portal, "services: {web: {image: 'web:bad', deploy: {replicas: 2, update_config: {failure_action: pause}}}}");
        var id = await DeployAsync(bench, 1);
        Assert.Equal(("Paused", "Watch"), ((await bench.FindAsync(id)).State, (await bench.FindAsync(id)).Phase));

        await Paused.GoBackAsync(await PersonAsync(), id, default);
        Assert.True(await bench.WorkAsync());

        Assert.Equal(("Failed", ""), ((await bench.FindAsync(id)).State, bench.Node.Picture));
    }

    [Theory]
    [Trait("Area", "deployments")]
    [InlineData(false, "stop-first")]
    [InlineData(true, "stop-first")]
    [InlineData(false, "start-first")]
    [InlineData(true, "start-first")]
    public async Task Portal_KilledAtEveryChange_PausesAllTheSameAndGoesBack(bool isAfter, string order)
    {
        var user = await PersonAsync();
        for (var change = 0; ; change++)
        {
            var bench = await StartAsync($"{{failure_action: pause, order: {order}}}");
            bench.Node.Fails = name => name.EndsWith("shop-web-2", StringComparison.Ordinal);
            var id = await bench.OrderAsync(2);
            var (seen, here, hit) = (0, change, false);
            var isDone = await bench.WorkAsync(dieAt: (_, after) => after == isAfter && !hit && seen++ == here && (hit = true));
            Assert.True(isDone || await bench.WorkAsync());
            Assert.Equal("Paused", (await bench.FindAsync(id)).State);

            bench.Node.Fails = _ => false;
            await Paused.GoBackAsync(user, id, default);
            var (seenBack, hitBack) = (0, false);
            isDone = await bench.WorkAsync(dieAt: (_, after) => after == isAfter && !hitBack && seenBack++ == here && (hitBack = true));
            Assert.True(isDone || await bench.WorkAsync());
            Assert.Equal(("RolledBack", OldPicture), ((await bench.FindAsync(id)).State, bench.Node.Picture));
            if (!hit && !hitBack)
            {
                Assert.InRange(change, 8, 80);
                return;
            }
        }
    }

    [Fact]
    public async Task OverNodes_OneThatPauses_IsNotUndoneByTheKeeper()
    {
        var fleet = await SimulatedFleet.MakeAsync(portal, ("a", "1"), ("b", "1"));
        var bench = await DeploymentBench.SpreadAsync(portal, fleet, Old, New("{failure_action: pause}"));
        await DeployAsync(bench, 1);
        fleet["b"].Fails = _ => true;
        var id = await DeployAsync(bench, 2);
        Assert.Equal("Paused", (await bench.FindAsync(id)).State);

        fleet.Change("a", node => node with { Duty = NodeDuty.Drained, Containers = fleet["a"].Views() });
        await bench.KeepAsync();

        Assert.Empty(await bench.WaitingAsync());
        fleet.Change("a", node => node with { Duty = NodeDuty.Active });
        fleet["b"].Fails = _ => false;
        await Paused.GoOnAsync(await PersonAsync(), id, default);
        Assert.True(await bench.WorkAsync());
        Assert.Equal(4, fleet.Picture.Split("web:2 running").Length - 1);
    }

    private PausedDeployments Paused => portal.Services.GetRequiredService<PausedDeployments>();

    private static string New(string config) => $"services: {{web: {{image: 'web:2', deploy: {{replicas: 4, update_config: {config}}}}}}}";

    private static async Task<Guid> DeployAsync(DeploymentBench bench, int revision)
    {
        var id = await bench.OrderAsync(revision);
        Assert.True(await bench.WorkAsync());
        return id;
    }

    private async Task<DeploymentBench> StartAsync(string config)
    {
        var bench = await DeploymentBench.MakeAsync(portal, Old, New(config));
        await DeployAsync(bench, 1);
        Assert.Equal(OldPicture, bench.Node.Picture);
        return bench;
    }

    private async Task<ClaimsPrincipal> PersonAsync(string role = BuiltInRoles.Administrator)
    {
        var id = await portal.AddPersonAsync($"p-{Guid.NewGuid():N}", role);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{id}")], "test"));
    }
}
