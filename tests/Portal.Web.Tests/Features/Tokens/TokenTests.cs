using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Features.Tokens;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Tokens;

public sealed class TokenTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Fact]
    public async Task Request_WithAToken_IsItsOwners()
    {
        var id = await portal.AddPersonAsync("scripted", BuiltInRoles.Viewer);
        var text = await MakeAsync(id, new TokenInput { Name = "script" });
        using var client = ClientOf(text);

        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/me");

        Assert.Equal(id, me.GetProperty("id").GetGuid());
        Assert.Equal("script", me.GetProperty("token").GetProperty("name").GetString());
        var entry = Assert.Single(await Directory.ListAsync(Person(id), everybodys: false, default));
        Assert.NotNull(entry.LastUsedAt);
        Assert.StartsWith("127.77.", entry.LastUsedFrom, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_HoldsAToken_ButNotItsText()
    {
        var id = await portal.AddPersonAsync("careful", BuiltInRoles.Viewer);
        var text = await MakeAsync(id, new TokenInput { Name = "secret" });

        await WithDatabaseAsync(async database =>
        {
            var token = await database.ApiTokens.SingleAsync(token => token.UserId == id);
            Assert.Equal(text[..11], token.Prefix);
            Assert.DoesNotContain(text[11..], JsonSerializer.Serialize(token), StringComparison.Ordinal);
            Assert.DoesNotContain(await database.AuditLog.Where(record => record.ActorId == id).ToListAsync(), record =>
                (record.Detail + record.ObjectName).Contains(text[11..], StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/tokens")]
    [InlineData("/audit/export.csv")]
    [InlineData("/_blazor/negotiate")]
    public async Task Page_WithAToken_OpensNoSession(string path)
    {
        var text = await MakeAsync(await AdministratorAsync(), new TokenInput { Name = "pages" + path });
        using var client = ClientOf(text);

        using var answer = await client.GetAsync(path);

        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.Redirect, HttpStatusCode.Unauthorized });
    }

    [Fact]
    public async Task Request_TokenRevoked_IsRefusedAtOnce()
    {
        var id = await portal.AddPersonAsync("revoker", BuiltInRoles.Viewer);
        using var client = ClientOf(await MakeAsync(id, new TokenInput { Name = "short" }));
        (await client.GetAsync("/api/v1/me")).EnsureSuccessStatusCode();

        var token = Assert.Single(await Directory.ListAsync(Person(id), everybodys: false, default));
        Assert.Null((await Directory.RevokeAsync(Person(id), token.Id, default)).Error);

        using var answer = await client.GetAsync("/api/v1/me");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.Empty(await Directory.ListAsync(Person(id), everybodys: false, default));
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("disabled")]
    [InlineData("gone")]
    public async Task Request_TokenNoGoodAnyMore_IsRefused(string why)
    {
        var id = await portal.AddPersonAsync(why, BuiltInRoles.Viewer);
        using var client = ClientOf(await MakeAsync(id, new TokenInput { Name = "late", Lifetime = TimeSpan.FromDays(1) }));
        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);

        await WithDatabaseAsync(database => why switch
        {
            "expired" => database.ApiTokens.Where(token => token.UserId == id)
                .ExecuteUpdateAsync(set => set.SetProperty(token => token.ExpiresAt, past)),
            "disabled" => database.Users.Where(user => user.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.DisabledAt, past)),
            _ => database.Users.Where(user => user.Id == id).ExecuteDeleteAsync(),
        });

        using var answer = await client.GetAsync("/api/v1/me");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Request_WrongTokenBesideAGoodSession_IsRefused()
    {
        using var client = await portal.SignInAsync();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "portal_wrong");

        using var answer = await client.GetAsync("/api/v1/me");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Requests_ManyWrongTokens_AreBoundedButGoodOnesGoOn()
    {
        var good = await MakeAsync(await portal.AddPersonAsync("neighbour", BuiltInRoles.Viewer), new TokenInput { Name = "good" });
        using var client = ClientOf(good);
        (await client.GetAsync("/api/v1/me")).EnsureSuccessStatusCode();

        var answers = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 30; attempt++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/me");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", $"portal_wrong{attempt}");
            using var answer = await client.SendAsync(request);
            answers.Add(answer.StatusCode);
        }

        Assert.All(answers.Take(20), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Assert.All(answers.Skip(20), status => Assert.Equal(HttpStatusCode.TooManyRequests, status));
        (await client.GetAsync("/api/v1/me")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Authorizer_TokenOfAnOperator_DoesNoMoreThanBoth()
    {
        var (node, other) = (await portal.AddNodeAsync("limited-host"), await portal.AddNodeAsync("other-host"));
        var id = await portal.AddPersonAsync("limited", BuiltInRoles.Operator);
        await MakeAsync(id, new TokenInput
        {
            Name = "limits",
            NodeIds = [node],
            Permissions = [PermissionNames.ContainersView, PermissionNames.ContainersStop, PermissionNames.UsersManage],
        });
        var user = await ByTokenAsync(id);

        Assert.True(await IsAllowedAsync(user, PermissionNames.ContainersStop, node));
        Assert.False(await IsAllowedAsync(user, PermissionNames.ContainersStop, other));
        Assert.False(await IsAllowedAsync(user, PermissionNames.ContainersExec, node));
        Assert.False(await IsAllowedAsync(user, PermissionNames.UsersManage, null));
        Assert.False(await IsAllowedAsync(user, PermissionNames.AuditView, null));
        var access = await Authorizer.ReadAccessAsync(user, default);
        Assert.True(access.AllowsSomewhere(PermissionNames.ContainersView));
        Assert.False(access.AllowsSomewhere(PermissionNames.AuditView));

        // What the owner loses the token loses with them.
        await WithDatabaseAsync(database => database.Grants.Where(grant => grant.UserId == id)
            .ExecuteUpdateAsync(set => set.SetProperty(grant => grant.Role, BuiltInRoles.Viewer)));
        Assert.False(await IsAllowedAsync(user, PermissionNames.ContainersStop, node));
        Assert.True(await IsAllowedAsync(user, PermissionNames.ContainersView, node));
    }

    [Fact]
    public async Task Authorizer_TokenOfSomebodyElse_AllowsNothing()
    {
        var id = await portal.AddPersonAsync("holder", BuiltInRoles.Operator);
        await MakeAsync(id, new TokenInput { Name = "mine" });
        var stranger = await portal.AddPersonAsync("stranger", BuiltInRoles.Operator);
        var tokenId = (await ByTokenAsync(id)).TokenIdOf()!.Value;

        Assert.False(await IsAllowedAsync(Person(stranger, tokenId), PermissionNames.NodesView, null));
    }

    [Fact]
    public async Task CreateAsync_ByAToken_IsRefused()
    {
        var id = await portal.AddPersonAsync("breeder", BuiltInRoles.Administrator);
        await MakeAsync(id, new TokenInput { Name = "parent", Permissions = [PermissionNames.NodesView] });
        var user = await ByTokenAsync(id);

        await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.CreateAsync(user, new TokenInput { Name = "child" }, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.RevokeAsync(user, user.TokenIdOf()!.Value, default));
    }

    [Fact]
    public async Task CreateAsync_ForOthers_OnlyAdministratorsAndServiceAccounts()
    {
        var administrator = Person(await AdministratorAsync());
        var viewer = await portal.AddPersonAsync("plain", BuiltInRoles.Viewer);
        Assert.Null(await portal.Services.GetRequiredService<ServiceAccounts>().CreateAsync(administrator, "robot", default));
        var robot = Assert.Single(await Directory.ListServiceAccountsAsync(administrator, default), account => account.Name == "robot");

        var made = await Directory.CreateAsync(administrator, new TokenInput { Name = "for robot", OwnerId = robot.Id }, default);
        Assert.NotNull(made.Text);

        var impersonation = await Directory.CreateAsync(administrator, new TokenInput { Name = "for plain", OwnerId = viewer }, default);
        Assert.Null(impersonation.Text);
        await Assert.ThrowsAsync<AccessDeniedException>(() =>
            Directory.CreateAsync(Person(viewer), new TokenInput { Name = "steal", OwnerId = robot.Id }, default));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.ListAsync(Person(viewer), everybodys: true, default));
        Assert.Empty(await Directory.ListServiceAccountsAsync(Person(viewer), default));
        var entry = Assert.Single(await Directory.ListAsync(administrator, everybodys: true, default), token => token.OwnerId == robot.Id);
        await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.RevokeAsync(Person(viewer), entry.Id, default));
        Assert.Null((await Directory.RevokeAsync(administrator, entry.Id, default)).Error);
    }

    [Fact]
    public async Task CreateAsync_OwnOne_TakesThePermissionAnywhere()
    {
        var viewer = Person(await portal.AddPersonAsync("onlooker", BuiltInRoles.Viewer));
        var nobody = Person(await portal.AddPersonAsync("roleless", null));
        var developer = Person(await portal.AddPersonAsync("scoped", BuiltInRoles.Developer, await portal.AddNodeAsync("token-node")));

        foreach (var person in new[] { viewer, nobody })
        {
            await Assert.ThrowsAsync<AccessDeniedException>(() => Directory.CreateAsync(person, new TokenInput { Name = "own" }, default));
        }

        Assert.NotNull((await Directory.CreateAsync(developer, new TokenInput { Name = "own" }, default)).Text);
    }

    [Fact]
    public async Task CreateAsync_WhatMakesNoSense_SaysSo()
    {
        var user = Person(await portal.AddPersonAsync("typist", BuiltInRoles.Developer));
        TokenInput[] wrong =
        [
            new() { Name = " " },
            new() { Name = new string('x', 65) },
            new() { Name = "bell\a" },
            new() { Name = "none", Permissions = [] },
            new() { Name = "nowhere", NodeIds = [] },
            new() { Name = "unknown", Permissions = ["containers.fly"] },
            new() { Name = "dead", Lifetime = TimeSpan.Zero },
            new() { Name = "eternal", Lifetime = TimeSpan.FromDays(4000) },
        ];
        foreach (var input in wrong)
        {
            var change = await Directory.CreateAsync(user, input, default);
            Assert.True(change is { Error: not null, Text: null }, input.Name);
        }
    }

    private TokenDirectory Directory => portal.Services.GetRequiredService<TokenDirectory>();

    private IAuthorizer Authorizer => portal.Services.GetRequiredService<IAuthorizer>();

    private ValueTask<bool> IsAllowedAsync(ClaimsPrincipal user, string permission, Guid? node) =>
        Authorizer.IsAllowedAsync(user, permission, AccessScope.From(null, node), default);

    private async Task<string> MakeAsync(Guid owner, TokenInput input)
    {
        var change = await portal.WhileAdministratorAsync(owner, () => Directory.CreateAsync(Person(owner), input, default));
        Assert.Null(change.Error);
        return change.Text!;
    }

    private async Task<Guid> AdministratorAsync()
    {
        await using var database = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        return await database.Users.Where(user => user.UserName == "admin").Select(user => user.Id).SingleAsync();
    }

    private async Task<ClaimsPrincipal> ByTokenAsync(Guid owner) =>
        Person(owner, Assert.Single(await Directory.ListAsync(Person(owner), everybodys: false, default)).Id);

    private HttpClient ClientOf(string token)
    {
        var client = portal.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
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

    private async Task WithDatabaseAsync(Func<PortalDbContext, Task> work)
    {
        await using var context = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        await work(context);
    }
}
