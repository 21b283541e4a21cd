using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Contracts.Hubs;
using Portal.Web.Access;
using Portal.Web.Features.Events;
using Portal.Web.Nodes.Storage;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Events;

/// <summary>Events as they were kept, for people who may see some of them.</summary>
public sealed class EventReaderTests(TestPortal portal) : IClassFixture<TestPortal>
{
    // Not long ago: the portal itself drops what is old.
    private readonly DateTimeOffset _begin = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 7200);

    private EventReader Reader => portal.Services.GetRequiredService<EventReader>();

    [Fact]
    public async Task ReadAsync_PageByPage_MissesAndRepeatsNothing()
    {
        var name = $"paged-{Guid.NewGuid():N}";
        var (first, second) = (await portal.AddNodeAsync($"{name}-1"), await portal.AddNodeAsync($"{name}-2"));
        foreach (var node in new[] { first, second })
        {
            // Three at each moment: pages are cut within them.
            var events = Enumerable.Range(1, 30).Select(i => Event(i, "container", "start", name, _begin.AddSeconds(i / 3)));
            await KeepAsync(node, [.. events]);
        }

        var user = await PersonAsync(BuiltInRoles.Viewer, null);
        var found = new List<FleetEvent>();
        IReadOnlyList<FleetEvent> page;
        do
        {
            page = await Reader.ReadAsync(user, new EventFilter(name, "", ""), found.LastOrDefault(), 7, default);
            found.AddRange(page);
        }
        while (page.Count > 0);

        Assert.Equal(60, found.Select(item => item.Key).Distinct().Count());
        Assert.Equal(60, found.Count);
        Assert.Equal(found.OrderByDescending(item => item.At).Select(item => item.At), found.Select(item => item.At));
    }

    [Fact]
    public async Task ReadAsync_NodeOfOthers_ShowsNothingOfIt()
    {
        var (own, other) = (await portal.AddNodeAsync($"own-{Guid.NewGuid():N}"), await portal.AddNodeAsync($"other-{Guid.NewGuid():N}"));
        await KeepAsync(own, [Event(1, "container", "start", "web", _begin)]);
        await KeepAsync(other, [Event(1, "container", "start", "web", _begin)]);
        var user = await PersonAsync(BuiltInRoles.Viewer, own);

        var found = await Reader.ReadAsync(user, new EventFilter("", "", ""), null, 100, default);

        Assert.Equal([own], found.Select(item => item.NodeId));
        Assert.Empty(await Reader.ReadAsync(await PersonAsync(null, null), new EventFilter("", "", ""), null, 100, default));
    }

    [Theory]
    [InlineData("web_1", "", 1)]
    [InlineData("web", "", 2)]
    [InlineData("%", "", 0)]
    [InlineData("", "image", 1)]
    [InlineData("PULL", "", 1)]
    public async Task ReadAsync_Filter_TakesTextAsText(string text, string type, int expected)
    {
        var node = await portal.AddNodeAsync($"filtered-{Guid.NewGuid():N}");
        await KeepAsync(node,
        [
            Event(1, "container", "start", "web_1", _begin),
            Event(2, "container", "start", "web-1", _begin),
            Event(3, "image", "pull", "nginx", _begin),
        ]);
        var user = await PersonAsync(BuiltInRoles.Viewer, node);

        Assert.Equal(expected, (await Reader.ReadAsync(user, new EventFilter(text, type, ""), null, 100, default)).Count);
    }

    [Fact]
    public async Task Retention_OldOrTooMany_LeavesTheNewest()
    {
        var (old, busy) = (await portal.AddNodeAsync($"old-{Guid.NewGuid():N}"), await portal.AddNodeAsync($"busy-{Guid.NewGuid():N}"));
        await KeepAsync(old, [Event(1, "daemon", "reload", "d", _begin), Event(2, "daemon", "reload", "d", _begin.AddMinutes(40))]);
        var events = Enumerable.Range(1, 20).Select(i => Event(i, "daemon", "reload", "d", _begin.AddMinutes(40).AddSeconds(i)));
        await KeepAsync(busy, [.. events]);
        await using var database = NpgsqlDataSource.Create(portal.ConnectionString);

        await EventRetention.DropAsync(database, _begin.AddMinutes(30), 5, default);

        Assert.Equal([2L], await LeftAsync(old));
        Assert.Equal([20L, 19, 18, 17, 16], await LeftAsync(busy));
    }

    private async Task<IEnumerable<long>> LeftAsync(Guid node)
    {
        var user = await PersonAsync(BuiltInRoles.Viewer, node);
        var events = await Reader.ReadAsync(user, new EventFilter("", "", ""), null, 100, default);
        return events.Select(item => item.Sequence);
    }

    private async Task KeepAsync(Guid node, IReadOnlyList<NodeEvent> events) =>
        await portal.Services.GetRequiredService<INodeStore>().AppendEventsAsync(node, events, default);

    private async Task<ClaimsPrincipal> PersonAsync(string? role, Guid? node)
    {
        var id = await portal.AddPersonAsync($"p{Guid.NewGuid():N}", role, node);
        return new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id.ToString())], "test"));
    }

    private static NodeEvent Event(long sequence, string type, string action, string name, DateTimeOffset at) =>
        new(sequence, at, type, action, new string('a', 64), new Dictionary<string, string> { ["name"] = name });
}
