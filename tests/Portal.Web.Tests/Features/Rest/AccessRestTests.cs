using System.Net;
using System.Text.Json;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>Who may what, where people are signed in, and by which rules.</summary>
[Collection(RestCollection.Name)]
public sealed class AccessRestTests(RestPortal portal)
{
    private readonly string _name = $"a{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task Access_OfAPerson_NamesTheGrantThatGivesIt()
    {
        var personId = await portal.Portal.AddPersonAsync(_name, BuiltInRoles.Viewer, portal.NodeId);
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        using var own = await portal.ProgramOfAsync(personId);

        var anywhere = await client.GetAsync($"/api/v1/people/{personId}/access").OkAsync();
        var view = Permission(anywhere, "containers.view")!.Value;
        Assert.Equal(portal.NodeId, view.GetProperty("by")[0].GetProperty("nodeId").GetGuid());
        Assert.Null(Permission(anywhere, "containers.remove"));
        Assert.NotNull(Permission(await own.GetAsync($"/api/v1/me/access?node={portal.NodeId}").OkAsync(), "containers.view"));
        var there = await client.GetAsync($"/api/v1/people/{personId}/access?node={portal.OtherNodeId}").OkAsync();
        Assert.Null(Permission(there, "containers.view"));

        await own.GetAsync($"/api/v1/people/{personId}/access").ProblemAsync(403, "access-denied");
        await own.GetAsync($"/api/v1/me/access?node={portal.OtherNodeId}").ProblemAsync(404, "not-found");
        await client.GetAsync($"/api/v1/people/{Guid.NewGuid()}/access").ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Session_EndedByAProgram_IsNoGoodAnyMore()
    {
        var personId = await portal.Portal.AddPersonAsync(_name, BuiltInRoles.Viewer);
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        using var browser = await portal.Portal.SignInAsync(_name);
        using var second = await portal.Portal.SignInAsync(_name);
        var sessions = $"/api/v1/people/{personId}/sessions";

        var list = (await client.GetAsync(sessions).OkAsync()).GetProperty("items");
        Assert.Equal(2, list.GetArrayLength());
        await client.DeleteAsync($"{sessions}/{list[0].GetProperty("id").GetGuid()}").OkAsync(HttpStatusCode.NoContent);
        Assert.Equal(1, (await client.GetAsync(sessions).OkAsync()).GetProperty("items").GetArrayLength());
        Assert.Equal(1, (await client.DeleteAsync(sessions).OkAsync()).GetProperty("count").GetInt32());
        foreach (var ended in new[] { browser, second })
        {
            using var answer = await ended.GetAsync("/");
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("sign-in", "idleMinutes", 1)]
    [InlineData("consoles", "idleMinutes", 0)]
    [InlineData("audit", "days", 3)]
    public async Task Settings_Changed_HoldAndBadOnesAreRefused(string which, string member, int bad)
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var path = "/api/v1/settings/" + which;
        using var answer = await client.GetAsync(path);
        var tag = answer.Headers.ETag!.ToString();
        var settings = JsonSerializer.Deserialize<Dictionary<string, object>>(await answer.Content.ReadAsStringAsync())!;
        var before = new Dictionary<string, object>(settings);

        settings[member] = bad;
        await client.SendAsync(HttpMethod.Put, path, settings, ("If-Match", tag)).ProblemAsync(422, "refused");
        settings[member] = 731;
        await client.SendAsync(HttpMethod.Put, path, settings, ("If-Match", tag)).OkAsync(HttpStatusCode.NoContent);
        Assert.Equal(731, (await client.GetAsync(path).OkAsync()).GetProperty(member).GetInt32());
        await client.SendAsync(HttpMethod.Put, path, before, ("If-Match", tag)).ProblemAsync(412, "precondition-failed");
        await client.SendAsync(HttpMethod.Put, path, before, ("If-Match", "*")).OkAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Audit_Check_FindsTheChainWhole()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);

        var found = await client.PostAsync("/api/v1/audit/check", null).OkAsync();
        Assert.Equal(JsonValueKind.Null, found.GetProperty("brokenId").ValueKind);
        Assert.True(found.GetProperty("checked").GetInt64() > 0);
    }

    private static JsonElement? Permission(JsonElement access, string name) => access.GetProperty("permissions").EnumerateArray()
        .Where(item => item.GetProperty("permission").GetString() == name).Select(item => (JsonElement?)item).SingleOrDefault();
}
