using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Data.Entities.Access;
using Portal.Web.Access;
using Portal.Web.Features.Tokens;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Tokens;

/// <summary>Tokens that are limited to environments: which nodes those have is read with each decision.</summary>
public sealed class TokenEnvironmentTests(TestPortal portal) : IClassFixture<TestPortal>
{
    private readonly string _name = $"e{Guid.NewGuid():N}"[..10];

    [Fact]
    public async Task Authorizer_NodeOfTheEnvironment_IsReachedWhileItIsThere()
    {
        var world = await MakeAsync(null);

        Assert.True(await IsAllowedAsync(world, PermissionNames.ContainersStop, AccessScope.Node(world.Inside)));
        Assert.True(await IsAllowedAsync(world, PermissionNames.NodesManage, AccessScope.Environment(world.Environment)));
        Assert.False(await IsAllowedAsync(world, PermissionNames.ContainersStop, AccessScope.Node(world.Outside)));
        Assert.False(await IsAllowedAsync(world, PermissionNames.NodesManage, AccessScope.Everything));
        Assert.False(await IsAllowedAsync(world, PermissionNames.UsersManage, AccessScope.Everything));

        await MoveAsync(world.Inside, null);
        await MoveAsync(world.Outside, world.Environment);
        Assert.False(await IsAllowedAsync(world, PermissionNames.ContainersStop, AccessScope.Node(world.Inside)));
        Assert.True(await IsAllowedAsync(world, PermissionNames.ContainersStop, AccessScope.Node(world.Outside)));
    }

    [Fact]
    public async Task Authorizer_EnvironmentDeleted_LeavesNothing()
    {
        var world = await MakeAsync(null);

        await MoveAsync(world.Inside, null);
        await WithDatabaseAsync(database => database.Environments.Where(row => row.Id == world.Environment).ExecuteDeleteAsync());

        Assert.False(await IsAllowedAsync(world, PermissionNames.ContainersStop, AccessScope.Node(world.Inside)));
        Assert.False(await IsAllowedAsync(world, PermissionNames.NodesView, AccessScope.Everything));
    }

    [Fact]
    public async Task Authorizer_NodesBesideTheEnvironment_AreReachedToo()
    {
        var more = await portal.AddNodeAsync(_name + "-more");
        var world = await MakeAsync([more]);

        Assert.True(await IsAllowedAsync(world, PermissionNames.ContainersStop, AccessScope.Node(more)));
        Assert.True(await IsAllowedAsync(world, PermissionNames.ContainersStop, AccessScope.Node(world.Inside)));
        Assert.False(await IsAllowedAsync(world, PermissionNames.ContainersStop, AccessScope.Node(world.Outside)));
    }

    [Fact]
    public async Task Rest_OtherPlaces_AreNotThere()
    {
        var world = await MakeAsync(null);
        using var client = ClientOf(world);

        var nodes = await client.GetFromJsonAsync<JsonElement>("/api/v1/nodes");
        Assert.Equal(world.Inside, Assert.Single(nodes.GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
        Assert.NotEqual(HttpStatusCode.Forbidden, await StatusAsync(client, $"/api/v1/nodes/{world.Inside}/containers/web"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, $"/api/v1/nodes/{world.Outside}/containers/web"));

        // Of the portal as a whole: its owner is an administrator.
        foreach (var path in new[] { "people", "roles", "audit", "settings/consoles", "settings/sign-in", "sign-in-providers", "policies" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, "/api/v1/" + path));
        }

        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/me");
        Assert.Equal(world.Environment, me.GetProperty("token").GetProperty("environmentIds")[0].GetGuid());
    }

    [Fact]
    public async Task Docker_OtherNodes_AreNotThere()
    {
        var world = await MakeAsync(null);
        using var client = ClientOf(world);

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, $"/docker/{world.Outside}/_ping"));
        Assert.DoesNotContain(
            await StatusAsync(client, $"/docker/{world.Inside}/_ping"), new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden });
        await MoveAsync(world.Inside, null);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, $"/docker/{world.Inside}/_ping"));
    }

    [Fact]
    public async Task Stacks_OfOtherNodes_AreNeitherWrittenNorDeployed()
    {
        var world = await MakeAsync(null);
        using var client = ClientOf(world);

        using (var elsewhere = await client.PostAsJsonAsync("/api/v1/stacks", StackOn(world.Outside)))
        {
            Assert.Equal(HttpStatusCode.Forbidden, elsewhere.StatusCode);
        }

        using var made = await client.PostAsJsonAsync("/api/v1/stacks", StackOn(world.Inside));
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var path = made.Headers.Location + "/deployments";
        using (var ordered = await client.PostAsJsonAsync(path, new { }))
        {
            Assert.Equal(HttpStatusCode.Created, ordered.StatusCode);
        }

        await MoveAsync(world.Inside, null);
        using var late = await client.PostAsJsonAsync(path, new { });
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
    }

    [Fact]
    public async Task CreateAsync_NoEnvironment_SaysSo()
    {
        var change = await Directory.CreateAsync(
            Person(await portal.AddPersonAsync(_name, BuiltInRoles.Developer)), new TokenInput { Name = "none", EnvironmentIds = [] }, default);

        Assert.NotNull(change.Error);
    }

    private TokenDirectory Directory => portal.Services.GetRequiredService<TokenDirectory>();

    private object StackOn(Guid node) => new
    {
        name = _name,
        nodeId = node,
        files = new Dictionary<string, object> { ["compose.yaml"] = new { text = "services:\n  web:\n    image: nginx\n" } },
    };

    // An administrator's token for one environment, with a node in it and one beside it.
    private async Task<World> MakeAsync(IReadOnlyList<Guid>? nodes)
    {
        var (inside, outside) = (await portal.AddNodeAsync(_name + "-in"), await portal.AddNodeAsync(_name + "-out"));
        var environment = Guid.CreateVersion7();
        await WithDatabaseAsync(async database =>
        {
            var now = TimeProvider.System.GetUtcNow();
            database.Environments.Add(new NodeEnvironment { Id = environment, Name = _name, Color = "blue", CreatedAt = now });
            await database.SaveChangesAsync();
        });
        await MoveAsync(inside, environment);
        var owner = await portal.AddPersonAsync(_name, BuiltInRoles.Administrator);
        var change = await Directory.CreateAsync(
            Person(owner), new TokenInput { Name = "places", EnvironmentIds = [environment], NodeIds = nodes }, default);
        Assert.Null(change.Error);
        var token = Assert.Single(await Directory.ListAsync(Person(owner), everybodys: false, default));
        Assert.Equal([environment], token.EnvironmentIds!);
        return new World(inside, outside, environment, Person(owner, token.Id), change.Text!);
    }

    private Task MoveAsync(Guid node, Guid? environment) => WithDatabaseAsync(database => database.Nodes.Where(row => row.Id == node)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.EnvironmentId, environment)));

    private async Task<bool> IsAllowedAsync(World world, string permission, AccessScope scope) =>
        await portal.Services.GetRequiredService<IAuthorizer>().IsAllowedAsync(world.User, permission, scope, default);

    private async Task WithDatabaseAsync(Func<PortalDbContext, Task> work)
    {
        await using var context = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await work(context);
    }

    private HttpClient ClientOf(World world)
    {
        var client = portal.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", world.Text);
        return client;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return answer.StatusCode;
    }

    private static ClaimsPrincipal Person(Guid id, Guid? token = null)
    {
        List<Claim> claims = [new(ClaimTypes.NameIdentifier, id.ToString()), new(ClaimTypes.Name, "name")];
        if (token is not null)
        {
            claims.Add(new(PortalClaims.TokenId, token.Value.ToString()));
        }

        return new ClaimsPrincipal(new ClaimsIdentity(claims, "test"));
    }

    private sealed record World(Guid Inside, Guid Outside, Guid Environment, ClaimsPrincipal User, string Text);
}
