using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Contracts.Permissions;
using Portal.Data.Locks;
using Portal.Testing.Engine;
using Portal.Web.Access;
using Portal.Web.Features.Containers;
using Portal.Web.Features.Stats;
using Portal.Web.Features.Stats.History;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Stats;

/// <summary>The history in a real database. Each test has nodes of its own and looks at those alone.</summary>
public sealed class StatsStoreTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private static readonly System.Security.Claims.ClaimsPrincipal s_anybody = new();
    private NpgsqlDataSource Database => portal.Services.GetRequiredService<NpgsqlDataSource>();

    [Fact]
    public async Task WriteAsync_SameRowsAgainFromAnotherPortal_KeepsEachOnce()
    {
        var node = await portal.AddNodeAsync("twice");
        var at = StatsResolution.Floor(TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(10));
        StatsRow[] first = [Row(node, "", at, 1), Row(node, "c", at, 2)];
        await NewStore().WriteAsync(first, _ => "web", default);

        await NewStore().WriteAsync([Row(node, "c", at, 50), Row(node, "c", at.AddSeconds(10), 3)], _ => "web", default);

        Assert.Equal([1f, 2f, 3f], await ReadAsync("stats_10s", node));
    }

    [Fact]
    public async Task WriteAsync_NodeIsUnknown_LeavesItsRowsOut()
    {
        var node = await portal.AddNodeAsync("known");
        var at = TimeProvider.System.GetUtcNow();

        await NewStore().WriteAsync([Row(Guid.NewGuid(), "", at, 9), Row(node, "", at, 1)], _ => "", default);

        Assert.Equal([1f], await ReadAsync("stats_10s", node));
    }

    [Fact]
    public async Task Rollups_PointsOfAnHour_AverageAndPeakOnceHoweverOften()
    {
        var node = await portal.AddNodeAsync("rolled");
        var now = TimeProvider.System.GetUtcNow();
        var begin = StatsResolution.Floor(now, TimeSpan.FromMinutes(10)).AddMinutes(-20);
        var rows = Enumerable.Range(0, 120).Select(index => Row(node, "c", begin.AddSeconds(index * 10), index % 6)).ToList();
        await NewStore().WriteAsync(rows, _ => "web", default);
        var rollups = new StatsRollups(Database, new StatsPartitions(Database));
        for (var round = 0; round < 2; round++)
        {
            await rollups.RunAsync(StatsResolution.Fine, StatsResolution.Middle, StatsKeeping.Default, now.AddMinutes(1), default);
            await rollups.RunAsync(StatsResolution.Middle, StatsResolution.Coarse, StatsKeeping.Default, now.AddMinutes(1), default);
        }

        Assert.Equal(Enumerable.Repeat(2.5f, 20), await ReadAsync("stats_1m", node));
        Assert.Equal([2.5f, 2.5f], await ReadAsync("stats_10m", node));
        Assert.Equal([5f, 5f], await ReadAsync("stats_10m", node, "cpu_peak"));

        // The database was away when this was measured: it comes late, and the points that were made of its time are made again.
        await NewStore().WriteAsync([Row(node, "c", begin.AddSeconds(5), 14.5f)], _ => "web", default);
        await rollups.RunAsync(StatsResolution.Fine, StatsResolution.Middle, StatsKeeping.Default, now.AddMinutes(1), default);
        await rollups.RunAsync(StatsResolution.Middle, StatsResolution.Coarse, StatsKeeping.Default, now.AddMinutes(1), default);

        Assert.Equal((15 + 14.5f) / 7, (await ReadAsync("stats_1m", node))[0], 3);
        Assert.Equal(14.5f, (await ReadAsync("stats_10m", node, "cpu_peak"))[0]);
    }

    [Fact]
    public async Task Partitions_TooOld_AreDroppedAndOthersStay()
    {
        var partitions = new StatsPartitions(Database);
        var now = TimeProvider.System.GetUtcNow();
        var old = now.AddDays(-400);
        await partitions.EnsureAsync(StatsResolution.Fine, old, default);
        await new StatsPartitions(Database).EnsureAsync(StatsResolution.Fine, old, default);
        await partitions.EnsureAsync(StatsResolution.Fine, now, default);

        var dropped = await partitions.DropBeforeAsync(StatsResolution.Fine, now.AddDays(-300), default);

        Assert.Equal([StatsResolution.Fine.PartitionOf(old)], dropped);
        Assert.Contains(StatsResolution.Fine.PartitionOf(now), await partitions.ListAsync(StatsResolution.Fine, default));

        // What the portal remembers of partitions that it made must not outlive them.
        await partitions.EnsureAsync(StatsResolution.Fine, old, default);
        Assert.Contains(StatsResolution.Fine.PartitionOf(old), await partitions.ListAsync(StatsResolution.Fine, default));
        await partitions.DropBeforeAsync(StatsResolution.Fine, now.AddDays(-300), default);
    }

    [Fact]
    public async Task History_ContainerWasReplaced_GoesOnAndShowsTheGap()
    {
        var node = await portal.AddNodeAsync("replaced");
        var now = StatsResolution.Floor(TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(10));
        await NewStore().WriteAsync(
            [Row(node, "old", now.AddMinutes(-30), 1), Row(node, "new", now.AddMinutes(-1), 2), Row(node, "other", now.AddMinutes(-1), 9)],
            key => key.ContainerId == "other" ? "db" : "web",
            default);
        var history = NewHistory(node);

        foreach (var range in StatsRange.All.Skip(1))
        {
            var points = await history.OfContainerAsync(s_anybody, new ContainerKey(node, "new", "web"), "web", range, default);
            var sum = points.Sum(point => point.Cpu);

            // Steps of two hours may hold both in one.
            Assert.Equal(range.Step < TimeSpan.FromHours(1) ? 2 : points.Count, points.Count);
            Assert.Equal(3, sum!.Value, 3);
        }
    }

    [Fact]
    public async Task History_NodesOfOthers_AreLeftOut()
    {
        var mine = await portal.AddNodeAsync("mine");
        var theirs = await portal.AddNodeAsync("theirs");
        var at = StatsResolution.Floor(TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeSpan.FromSeconds(10));
        await NewStore().WriteAsync(
            [Row(mine, "", at, 1), Row(theirs, "", at, 100), Row(mine, "c", at, 1), Row(theirs, "c", at, 100)], _ => "web", default);
        var history = NewHistory(mine);

        var point = Assert.Single(await history.OfNodesAsync(s_anybody, [mine, theirs], StatsRange.Hour, default));
        var top = await history.TopAsync(s_anybody, [mine, theirs], StatsRange.Hour, byMemory: false, default);

        Assert.Equal(1, point.Cpu);
        Assert.Equal(mine, Assert.Single(top).Container.NodeId);
    }

    [Theory]
    [InlineData(PermissionNames.NodesView, PermissionNames.ContainersView)]
    [InlineData(PermissionNames.MetricsView)]
    public async Task History_OnePermissionAlone_IsNotEnough(params string[] permissions)
    {
        var node = await portal.AddNodeAsync($"part{permissions.Length}");
        var at = StatsResolution.Floor(TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeSpan.FromSeconds(10));
        await NewStore().WriteAsync([Row(node, "", at, 1), Row(node, "c", at, 1)], _ => "web", default);
        var access = new EffectiveAccess([new AccessGrant(new Role("Part", "", permissions.ToFrozenSet()), AccessScope.Node(node))], []);
        var history = new StatsHistory(Database, new AccessOf(access), TimeProvider.System);

        Assert.Empty(await history.OfNodesAsync(s_anybody, [node], StatsRange.Hour, default));
        Assert.Empty(await history.TopAsync(s_anybody, [node], StatsRange.Hour, byMemory: false, default));
        await Assert.ThrowsAsync<AccessDeniedException>(
            () => history.OfContainerAsync(s_anybody, new ContainerKey(node, "c", "web"), "web", StatsRange.Hour, default));
    }

    [Fact]
    public async Task AdvisoryLock_TwoPortals_OneHoldsItAndTheOtherAfterwards()
    {
        const long Key = 0x77617463685F7431;
        var first = await AdvisoryLock.TryTakeAsync(Database, Key, default);
        Assert.True(await first!.IsHeldAsync(default));
        Assert.Null(await AdvisoryLock.TryTakeAsync(Database, Key, default));

        await first.DisposeAsync();

        await using var second = await AdvisoryLock.TryTakeAsync(Database, Key, default);
        Assert.NotNull(second);
    }

    private StatsStore NewStore() => new(Database, new StatsPartitions(Database));

    private StatsHistory NewHistory(Guid node) => new(Database, new AccessOf(new EffectiveAccess([(BuiltInRoles.Viewer, node)])), TimeProvider.System);

    private static StatsRow Row(Guid node, string container, DateTimeOffset at, float cpu) =>
        new(node, container, at, [cpu, cpu, 4, 100, 100, 200, null, null, null, null, null, null, null]);

    private async Task<List<float>> ReadAsync(string table, Guid node, string column = "cpu")
    {
        await using var command = Database.CreateCommand(
            $"select p.{column} from {table} p join stats_subjects s on s.id = p.subject_id "
            + "where s.node_id = $1 order by s.container_id, p.at");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = node });
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<float>();
        while (await reader.ReadAsync())
        {
            values.Add(reader.GetFloat(0));
        }

        return values;
    }

    private sealed class AccessOf(EffectiveAccess access) : IAuthorizer
    {
        public ValueTask<bool> IsAllowedAsync(
            System.Security.Claims.ClaimsPrincipal user, string permission, AccessScope scope, CancellationToken cancellationToken) =>
            new(access.Allows(permission, scope));

        public ValueTask<Actor> EnsureAsync(
            System.Security.Claims.ClaimsPrincipal user, string permission, AccessScope scope, CancellationToken cancellationToken) =>
            access.Allows(permission, scope) ? new(Actor.Portal) : throw new AccessDeniedException(permission);

        public ValueTask<EffectiveAccess> ReadAccessAsync(
            System.Security.Claims.ClaimsPrincipal user, CancellationToken cancellationToken) => new(access);
    }
}
