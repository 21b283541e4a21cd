using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Hubs;
using Portal.Data;
using Portal.Web.Nodes.Storage;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Nodes;

public sealed class NodeEventTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(64)]
    public async Task AppendEventsAsync_TextIsCutWithinACharacter_IsKept(int letters)
    {
        var node = await portal.AddNodeAsync($"emoji-{letters}");
        var store = portal.Services.GetRequiredService<INodeStore>();
        var text = new string('a', letters) + "🐳🐳\0";
        var attributes = new Dictionary<string, string> { [text] = new string('a', 4095) + "🐳" };
        var news = new NodeEvent(1, TimeProvider.System.GetUtcNow(), "container", text, new string('a', 511) + "🐳", attributes);

        Assert.Equal(1, await store.AppendEventsAsync(node, [news], default));
    }

    [Fact]
    public async Task IsDatabaseAway_NobodyListens_True()
    {
        var options = new DbContextOptionsBuilder<PortalDbContext>().UseNpgsql("Host=127.0.0.1;Port=1;Username=x;Database=x").Options;
        await using var database = new PortalDbContext(options);

        var failure = await Record.ExceptionAsync(() => database.Grants.ToListAsync());

        Assert.True(Portal.Web.Access.DatabaseFailures.IsDatabaseAway(failure!), failure!.GetType().FullName);
    }
}
