using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Hubs;
using Portal.Data;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Rest;

[Collection(RestCollection.Name)]
public sealed class EventRestTests(RestPortal portal)
{
    [Fact]
    public async Task Events_FleetChanges_AreToldOfOnesOwnNodeAlone()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Viewer, portal.NodeId);
        using var deadline = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(30)));
        using var answer = await client.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        await using var stream = await answer.Content.ReadAsStreamAsync(deadline.Token);
        await using var events = SseParser.Create(stream).EnumerateAsync(deadline.Token).GetAsyncEnumerator(deadline.Token);
        var first = await UntilAsync(events, "ready");
        var node = portal.Portal.Fleet.Current.Nodes[portal.NodeId];
        var other = portal.Portal.Fleet.Current.Nodes[portal.OtherNodeId];

        var cache = new ContainerView { Id = new string('e', 64), Name = "cache", State = "running" };
        portal.Portal.Fleet.Set(other with { Containers = other.Containers.Add(cache.Id, cache) });
        portal.Portal.Fleet.Set(node with { Containers = node.Containers.Add(cache.Id, cache) });
        var added = await NextAsync(events);
        portal.Portal.Fleet.Set(node with { Presence = NodePresence.Offline });
        var then = new[] { await NextAsync(events), await NextAsync(events) };
        portal.Portal.Fleet.Set(node, other);

        Assert.Equal(["reset", "node", "container", "container", "ready"], first.Select(item => item.EventType));
        Assert.DoesNotContain(first, item => item.Data.Contains(portal.OtherNodeId.ToString(), StringComparison.Ordinal));
        Assert.Equal("container", added.EventType);
        Assert.Contains("cache", added.Data, StringComparison.Ordinal);
        Assert.Contains(portal.NodeId.ToString(), added.Data, StringComparison.Ordinal);
        Assert.Equal(["container-removed", "node"], then.Select(item => item.EventType).Order());
        Assert.All(then, item => Assert.NotNull(item.EventId));
    }

    [Fact]
    public async Task Events_AccessIsTakenAway_End()
    {
        var person = await portal.Portal.AddPersonAsync("watcher", BuiltInRoles.Viewer);
        using var client = await portal.ProgramOfAsync(person);
        using var deadline = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(30)));
        using var answer = await client.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        await using var stream = await answer.Content.ReadAsStreamAsync(deadline.Token);
        await using var events = SseParser.Create(stream).EnumerateAsync(deadline.Token).GetAsyncEnumerator(deadline.Token);
        await UntilAsync(events, "ready");

        await using (var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync())
        {
            await database.Grants.Where(grant => grant.UserId == person).ExecuteDeleteAsync();
        }

        var node = portal.Portal.Fleet.Current.Nodes[portal.NodeId];
        portal.Portal.Fleet.Set(node with { History = ImmutableArray<NodeSample>.Empty });
        Assert.False(await events.MoveNextAsync());
    }

    private static async Task<SseItem<string>> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        do
        {
            Assert.True(await events.MoveNextAsync());
        }
        while (events.Current.EventType == "breath");

        return events.Current;
    }

    private static async Task<List<SseItem<string>>> UntilAsync(IAsyncEnumerator<SseItem<string>> events, string name)
    {
        var all = new List<SseItem<string>>();
        do
        {
            all.Add(await NextAsync(events));
        }
        while (all[^1].EventType != name);

        return all;
    }
}
