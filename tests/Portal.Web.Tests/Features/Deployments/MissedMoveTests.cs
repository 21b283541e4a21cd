using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Portal.Data;
using Portal.Testing.Engine;
using Portal.Web.Access;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Deployments.Spreading;
using Portal.Web.Features.Environments;
using Portal.Web.Features.Stacks;
using Portal.Web.Nodes;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Deployments;

/// <summary>What happens to a stack over nodes while one of them is lost is made up for there: never twice, and by whichever portal.</summary>
public sealed class MissedMoveTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private const string File = """
        services: {web: {image: 'web:1', deploy: {replicas: 2}}, db: {image: 'db:1', volumes: ['data:/data']}}
        volumes: {data: {}}
        """;

    private const string Running = "a: shop-web-1 web:1 running, b: shop-web-2 web:1 running, c: shop-db-1 db:1 running";

    [Fact]
    public async Task Stop_WhileANodeIsLost_IsDoneThereOnceWhenItIsBack()
    {
        var (bench, fleet) = await StartAsync();
        fleet.Lose("b");

        var stop = await MoveAsync(bench, DeploymentOperation.Stop);

        Assert.Equal("Lost, and stopped there when it is back: 'b'.", (await bench.FindAsync(stop)).Message);
        Assert.Equal("a: shop-web-1 web:1 exited, b: shop-web-2 web:1 running, c: shop-db-1 db:1 exited", fleet.Picture);
        await bench.KeepAsync();
        Assert.Empty(await bench.WaitingAsync());

        fleet.Find("b");
        await bench.KeepAsync();
        await bench.KeepAsync();
        var row = Assert.Single(await bench.WaitingAsync());
        Assert.Equal(("Placement", "Stop", "portal"), (row.Cause, row.Operation, row.ActorName));
        Assert.True(await bench.WorkAsync());

        Assert.Equal("a: shop-web-1 web:1 exited, b: shop-web-2 web:1 exited, c: shop-db-1 db:1 exited", fleet.Picture);
        Assert.Equal(1, fleet["b"].Changes.Count(change => change.EndsWith("/stop", StringComparison.Ordinal)));
        Assert.Empty(await MissedAsync(bench));
        await bench.KeepAsync();
        Assert.Empty(await bench.WaitingAsync());
        Assert.Equal("Stopped", (await bench.StackNowAsync()).Intent);
    }

    [Fact]
    public async Task Removal_WithVolumesWhileANodeIsLost_TakesThoseThereTooWhenItIsBack()
    {
        var (bench, fleet) = await StartAsync();
        fleet.Lose("c");
        await MoveAsync(bench, DeploymentOperation.Stop);

        await MoveAsync(bench, DeploymentOperation.Remove, removeVolumes: true);
        await MoveAsync(bench, DeploymentOperation.Remove);

        Assert.Equal("c: shop-db-1 db:1 running", fleet.Picture);
        Assert.Equal(["Remove with volumes"], await MissedAsync(bench));
        fleet.Find("c");
        await bench.KeepAsync();
        Assert.True(await bench.WorkAsync());
        Assert.Equal("", fleet.Picture);
        Assert.Empty(fleet["c"].Volumes);
        Assert.Empty(await MissedAsync(bench));
    }

    [Theory]
    [InlineData(DeploymentOperation.Start)]
    [InlineData(DeploymentOperation.Deploy)]
    public async Task Stack_WantedAgainBeforeTheNodeIsBack_RunsThereOn(DeploymentOperation operation)
    {
        var (bench, fleet) = await StartAsync();
        fleet.Lose("c");
        await MoveAsync(bench, DeploymentOperation.Stop);

        await MoveAsync(bench, operation);

        Assert.Empty(await MissedAsync(bench));
        fleet.Find("c");
        await bench.KeepAsync();
        Assert.Empty(await bench.WaitingAsync());
        Assert.Contains("c: shop-db-1 db:1 running", fleet.Picture, StringComparison.Ordinal);
    }

    // A person's start may come while the portal's own stop waits, or just before it is asked for: it must not come to a stop after it.
    [Fact]
    public async Task MakingUp_WhileAPersonStartsTheStack_IsSkipped()
    {
        var (bench, fleet) = await StartAsync();
        fleet.Lose("b");
        await MoveAsync(bench, DeploymentOperation.Stop);
        fleet.Find("b");
        await bench.KeepAsync();
        var making = Assert.Single(await bench.WaitingAsync());

        await bench.OrderAsync(1, DeploymentOperation.Start);
        var late = await bench.OrderAsync(1, DeploymentOperation.Stop, DeploymentCause.Placement);

        Assert.Equal("Superseded", (await bench.FindAsync(making.Id)).State);
        Assert.Equal("Skipped", (await bench.FindAsync(late)).State);
        Assert.True(await bench.WorkAsync());
        Assert.Equal(Running, fleet.Picture);
        Assert.Empty(await MissedAsync(bench));
    }

    [Theory]
    [InlineData(DeploymentOperation.Stop)]
    [InlineData(DeploymentOperation.Remove)]
    public async Task Portal_KilledAtEveryChange_NothingMissedIsForgotten(DeploymentOperation operation)
    {
        for (var change = 0; ; change++)
        {
            var (bench, fleet) = await StartAsync();
            fleet.Lose("b");
            await bench.OrderAsync(1, operation);
            var (seen, here, hit) = (0, change, false);
            var isDone = await bench.WorkAsync(dieAt: (_, _) => !hit && seen++ == here && (hit = true));
            Assert.True(isDone || await bench.WorkAsync());
            Assert.Single(await MissedAsync(bench));
            fleet.Find("b");
            await bench.KeepAsync();
            var (seenBack, hitBack) = (0, false);
            isDone = await bench.WorkAsync(dieAt: (_, _) => !hitBack && seenBack++ == here && (hitBack = true));
            Assert.True(isDone || await bench.WorkAsync());

            Assert.DoesNotContain("running", fleet.Picture, StringComparison.Ordinal);
            Assert.Empty(await MissedAsync(bench));
            if (!hit && !hitBack)
            {
                Assert.InRange(change, 2, 40);
                return;
            }
        }
    }

    [Fact]
    public async Task Stack_ThatALostNodeIsToBeToldOf_IsNotDeletedAndTheNodeStaysInItsEnvironment()
    {
        var (bench, fleet) = await StartAsync();
        var id = await portal.AddPersonAsync($"missed-{Guid.NewGuid():N}", BuiltInRoles.Administrator);
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, $"{id}")], "test"));
        var directory = portal.Services.GetRequiredService<StackDirectory>();
        fleet.Lose("b");
        await MoveAsync(bench, DeploymentOperation.Remove);

        var refused = await Assert.ThrowsAsync<StackException>(() => directory.RemoveAsync(user, bench.Stack.Id, default));
        var moved = await portal.Services.GetRequiredService<EnvironmentDirectory>().PlaceAsync(user, fleet.IdOf("b"), null, default);

        Assert.Contains("lost nodes too when they are back: 'b-", refused.Message, StringComparison.Ordinal);
        Assert.Contains("is to make up for that when it is back", moved.Error, StringComparison.Ordinal);
        fleet.Find("b");
        await bench.KeepAsync();
        Assert.True(await bench.WorkAsync());
        await directory.RemoveAsync(user, bench.Stack.Id, default);
    }

    [Fact]
    public async Task Portal_ThatStartsAnew_GoesOnCountingSinceWhenANodeIsAway()
    {
        var fleet = await SimulatedFleet.MakeAsync(portal, ("a", "1"), ("b", "1"));
        var time = new FakeTimeProvider();
        var options = new DeploymentOptions { LostAfter = TimeSpan.FromMinutes(5) };
        var (before, keeper) = Portal(time, options);
        time.Advance(TimeSpan.FromMinutes(10));
        fleet.Change("b", node => node with { Presence = NodePresence.Offline, Since = time.GetUtcNow() });
        time.Advance(TimeSpan.FromMinutes(4));
        await keeper.WriteAsync(default);
        Assert.False(before.IsLost(fleet.IdOf("b")));

        // To a portal that has just begun all nodes are away until they link: nobody is lost in its first minute.
        fleet.Change("a", node => node with { Presence = NodePresence.Offline, Since = null });
        fleet.Change("b", node => node with { Since = null });
        var (after, next) = Portal(time, options);
        await next.ReadAsync(default);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(after.IsLost(fleet.IdOf("b")));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(after.IsLost(fleet.IdOf("b")));
        Assert.False(after.IsLost(fleet.IdOf("a")));

        // Who has been back meanwhile is counted anew.
        fleet.Change("b", node => node with { Presence = NodePresence.Online, Since = time.GetUtcNow() });
        await next.WriteAsync(default);
        fleet.Change("b", node => node with { Presence = NodePresence.Offline, Since = time.GetUtcNow() });
        var (last, third) = Portal(time, options);
        await third.ReadAsync(default);
        time.Advance(TimeSpan.FromMinutes(4));
        Assert.False(after.IsLost(fleet.IdOf("b")));
        Assert.False(last.IsLost(fleet.IdOf("b")));
    }

    private (LostNodes Lost, AwayNodeKeeper Keeper) Portal(TimeProvider time, DeploymentOptions options)
    {
        var lost = new LostNodes(portal.Fleet, options, time);
        return (lost, new AwayNodeKeeper(
            portal.Services.GetRequiredService<NpgsqlDataSource>(),
            portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>(),
            portal.Fleet, lost, time, NullLogger<AwayNodeKeeper>.Instance));
    }

    private static async Task<Guid> MoveAsync(DeploymentBench bench, DeploymentOperation operation, bool removeVolumes = false)
    {
        var id = await bench.OrderAsync(1, operation, removeVolumes: removeVolumes);
        Assert.True(await bench.WorkAsync());
        var row = await bench.FindAsync(id);
        Assert.True(row.State == "Succeeded", row.Message);
        return id;
    }

    private async Task<IReadOnlyList<string>> MissedAsync(DeploymentBench bench)
    {
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        return await database.MissedMoves.Where(row => row.StackId == bench.Stack.Id)
            .Select(row => row.Operation + (row.RemoveVolumes ? " with volumes" : "")).ToListAsync();
    }

    private async Task<(DeploymentBench Bench, SimulatedFleet Fleet)> StartAsync()
    {
        var fleet = await SimulatedFleet.MakeAsync(portal, ("a", "1"), ("b", "1"), ("c", "1"));
        var bench = await DeploymentBench.SpreadAsync(portal, fleet, File);
        await MoveAsync(bench, DeploymentOperation.Deploy);
        Assert.Equal(Running, fleet.Picture);
        return (bench, fleet);
    }
}
