using Portal.Web.Features.Deployments;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

public sealed class DeploymentQueueTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string File = "services: {web: {image: 'web:1'}}";

    [Fact]
    public async Task Newer_WhileAnotherWaits_TakesItsPlaceAndSaysSo()
    {
        var bench = await DeploymentBench.MakeAsync(portal, File, File);
        var running = await bench.OrderAsync(1);
        var claim = await bench.Store.ClaimAsync(Guid.NewGuid(), default);
        var older = await bench.OrderAsync(1);
        var newer = await bench.OrderAsync(2);

        var row = await bench.FindAsync(older);

        Assert.Equal(running, claim!.Id);
        Assert.Equal(("Superseded", (Guid?)newer), (row.State, row.SupersededBy));
        Assert.Contains("ann", row.Message, StringComparison.Ordinal);
        Assert.Equal("Running", (await bench.FindAsync(running)).State);

        // Its lease is over at once here, so that the running one is what is claimed next: the two never run beside each other.
        Assert.Equal(running, (await bench.Store.ClaimAsync(Guid.NewGuid(), default))!.Id);
        Assert.True(await bench.WorkAsync());
        Assert.Equal("Succeeded", (await bench.FindAsync(running)).State);
        Assert.True(await bench.WorkAsync());
        Assert.Equal("Succeeded", (await bench.FindAsync(newer)).State);
    }

    [Fact]
    public async Task Automatic_AfterAPersonStoppedTheStack_IsSkipped()
    {
        var bench = await DeploymentBench.MakeAsync(portal, File);
        await bench.OrderAsync(1);
        Assert.True(await bench.WorkAsync());
        var stop = await bench.OrderAsync(1, DeploymentOperation.Stop);
        var pushed = await bench.OrderAsync(1, cause: DeploymentCause.Git);

        Assert.Equal("Skipped", (await bench.FindAsync(pushed)).State);
        Assert.Equal("Queued", (await bench.FindAsync(stop)).State);
        Assert.True(await bench.WorkAsync());
        Assert.Equal("shop-web-1 web:1 exited", bench.Node.Picture);
        await bench.OrderAsync(1, DeploymentOperation.Start);
        Assert.True(await bench.WorkAsync());
        Assert.Equal("shop-web-1 web:1 running", bench.Node.Picture);
        Assert.Equal(nameof(StackIntent.Running), (await bench.StackNowAsync()).Intent);
    }

    [Fact]
    public async Task Automatic_WhileAPersonsWaits_QueuesBehindIt()
    {
        var bench = await DeploymentBench.MakeAsync(portal, File, File);
        var person = await bench.OrderAsync(1);
        var pushed = await bench.OrderAsync(2, cause: DeploymentCause.Webhook);

        Assert.True(await bench.WorkAsync());

        Assert.Equal("Succeeded", (await bench.FindAsync(person)).State);
        Assert.Equal("Queued", (await bench.FindAsync(pushed)).State);
        Assert.True(await bench.WorkAsync());
        Assert.Equal(2, (await bench.StackNowAsync()).GoodRevision);
    }

    [Fact]
    public async Task Claim_OfAPortalThatLostIt_CanWriteNothing()
    {
        var bench = await DeploymentBench.MakeAsync(portal, File);
        var id = await bench.OrderAsync(1);
        var first = await bench.Store.ClaimAsync(Guid.NewGuid(), default);
        var second = await bench.Store.ClaimAsync(Guid.NewGuid(), default);

        Assert.Equal((id, 2), (second!.Id, second.Attempt));
        Assert.Null(await bench.Store.BeatAsync(first!, default));
        Assert.False(await bench.Store.BeatAsync(second, default));
        await Assert.ThrowsAsync<Portal.Web.Features.Deployments.Running.LeaseLostException>(() =>
            bench.Store.FinishAsync(first!, DeploymentState.Succeeded, "", null, null, default));
        Assert.True(await bench.WorkAsync());
    }

    [Fact]
    public async Task FileThatReachesTheHost_WithoutAPersonWhoMay_ChangesNothing()
    {
        var bench = await DeploymentBench.MakeAsync(portal, "services: {web: {image: 'web:1', privileged: true, volumes: ['/etc:/host']}}");
        var id = await bench.OrderAsync(1);
        Assert.True(await bench.WorkAsync());

        var row = await bench.FindAsync(id);

        Assert.Equal("Failed", row.State);
        Assert.Contains("containers.privileged", row.Message, StringComparison.Ordinal);
        Assert.Contains("containers.host_paths", row.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Node.Changes);
    }

    [Fact]
    public async Task Removed_WithoutVolumes_LeavesThoseAlone()
    {
        var bench = await DeploymentBench.MakeAsync(portal, "{services: {web: {image: 'web:1', volumes: ['d:/d']}}, volumes: {d: {}}}");
        await bench.OrderAsync(1);
        Assert.True(await bench.WorkAsync());
        await bench.OrderAsync(1, DeploymentOperation.Remove);
        Assert.True(await bench.WorkAsync());

        Assert.Equal(("", 0, "shop_d"), (bench.Node.Picture, bench.Node.Networks.Count, string.Join(',', bench.Node.Volumes)));
        Assert.Null((await bench.StackNowAsync()).GoodRevision);
    }

    [Fact]
    public async Task Forced_KilledInTheMiddle_MakesEachContainerAnewOnce()
    {
        var bench = await DeploymentBench.MakeAsync(portal, "services: {web: {image: 'web:1'}, db: {image: 'db:1'}}");
        await bench.OrderAsync(1);
        Assert.True(await bench.WorkAsync());
        var before = bench.Node.Containers.Select(container => container.Id).ToHashSet();
        await bench.OrderAsync(1, force: true);
        var creates = 0;
        Assert.False(await bench.WorkAsync(dieAt: (what, isAfter) =>
            isAfter && what.EndsWith("/create", StringComparison.Ordinal) && ++creates == 2));
        Assert.True(await bench.WorkAsync());

        Assert.DoesNotContain(bench.Node.Containers, container => before.Contains(container.Id));
        Assert.Equal("shop-db-1 db:1 running, shop-web-1 web:1 running", bench.Node.Picture);
    }
}
