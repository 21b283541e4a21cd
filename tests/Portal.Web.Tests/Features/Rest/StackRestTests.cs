using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>What stacks say: written, read and changed by programs.</summary>
[Collection(RestCollection.Name)]
public sealed class StackRestTests(RestPortal portal)
{
    private const string Compose = "services:\n  web:\n    image: nginx\n    environment:\n      KEY: ${KEY}\n";
    private readonly string _name = $"s{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task Stack_FromItsMakingToItsEnd_IsARevisionAChange()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var made = await client.PostAsJsonAsync("/api/v1/stacks", Body(("KEY", "hunter2"))).OkAsync(HttpStatusCode.Created);
        var path = $"/api/v1/stacks/{made.GetProperty("id").GetGuid()}";
        Assert.Equal(1, made.GetProperty("revision").GetInt32());
        var tag = await TagOfAsync(client, path);

        await client.SendAsync(HttpMethod.Put, path, Body()).ProblemAsync(428, "precondition-required");
        var changed = await client.SendAsync(HttpMethod.Put, path, Body(("OTHER", "x"), ("KEY", null)), ("If-Match", tag)).OkAsync();
        Assert.Equal(2, changed.GetProperty("revision").GetInt32());
        await client.SendAsync(HttpMethod.Put, path, Body(), ("If-Match", tag)).ProblemAsync(412, "precondition-failed");

        var revisions = (await client.GetAsync(path + "/revisions?limit=1").OkAsync()).GetProperty("items");
        Assert.Equal(2, revisions[0].GetProperty("number").GetInt32());
        Assert.Equal("OTHER", Assert.Single(revisions[0].GetProperty("valueNames").EnumerateArray()).GetString());
        var files = await client.GetAsync(path + "/revisions/1/files").OkAsync();
        Assert.Equal(Compose, files.GetProperty("files").GetProperty("compose.yaml").GetProperty("text").GetString());
        Assert.Equal("AAE=", files.GetProperty("files").GetProperty("key.bin").GetProperty("base64").GetString());
        Assert.DoesNotContain("hunter2", files.ToString() + revisions, StringComparison.Ordinal);
        await client.GetAsync(path + "/revisions/9/files").ProblemAsync(404, "not-found");

        await client.SendAsync(HttpMethod.Delete, path, null, ("If-Match", tag)).ProblemAsync(412, "precondition-failed");
        await client.DeleteAsync(path).OkAsync(HttpStatusCode.NoContent);
        await client.GetAsync(path).ProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData("""{"../x":{"text":""},"compose.yaml":{"text":"services: {}"}}""", "{}", 422)]
    [InlineData("""{"compose.yaml":{"text":"a","base64":"AA=="}}""", "{}", 422)]
    [InlineData("""{"compose.yaml":{"base64":"?"}}""", "{}", 422)]
    [InlineData("""{"compose.yaml":{}}""", "{}", 422)]
    [InlineData("""{"compose.yaml":null}""", "{}", 400)]
    [InlineData("""{"compose.yaml":{"text":"services: {}"}},"composeFiles":[null]""", "{}", 400)]
    [InlineData("""{"compose.yaml":{"text":"services: ["}}""", "{}", 422)]
    [InlineData("""{"compose.yaml":{"text":"services: {}"}}""", """{"A=B":"x"}""", 422)]
    [InlineData("""{"compose.yaml":{"text":"services: {}"}}""", """{"A":"x\nB=y"}""", 422)]
    public async Task Create_WhatCantBe_IsRefused(string files, string values, int status)
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var body = $$"""{"name":"{{_name}}","nodeId":"{{portal.NodeId}}","files":{{files}},"values":{{values}}}""";

        await client.PostTextAsync("/api/v1/stacks", body).ProblemAsync(status, status == 400 ? "invalid-request" : "refused");
    }

    [Fact]
    public async Task Stack_OfAnotherNode_IsNotThere()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        using var stranger = await portal.ProgramAsync(BuiltInRoles.Operator, portal.OtherNodeId);
        await stranger.PostAsJsonAsync("/api/v1/stacks", Body()).ProblemAsync(403, "access-denied");
        await stranger.PostAsJsonAsync("/api/v1/stacks/check", Body()).ProblemAsync(403, "access-denied");
        var made = await client.PostAsJsonAsync("/api/v1/stacks", Body(("KEY", "a"))).OkAsync(HttpStatusCode.Created);
        var path = $"/api/v1/stacks/{made.GetProperty("id").GetGuid()}";

        foreach (var part in new[] { "", "/revisions", "/revisions/1/files", "/plan", "/drift", "/replicas", "/notifications" })
        {
            await stranger.GetAsync(path + part).ProblemAsync(404, "not-found");
        }

        await stranger.SendAsync(HttpMethod.Put, path, Body(), ("If-Match", "*")).ProblemAsync(404, "not-found");
        await stranger.DeleteAsync(path).ProblemAsync(404, "not-found");
        await stranger.PostAsync(path + "/adopt", null).ProblemAsync(404, "not-found");
        await client.DeleteAsync(path).OkAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Create_OverAnEnvironment_IsForThoseWhoMayEditThere()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        using var stranger = await portal.ProgramAsync(BuiltInRoles.Operator, portal.OtherNodeId);
        var environment = (await client.PostAsJsonAsync("/api/v1/environments", new { name = $"e{_name}", color = "teal" })
            .OkAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        var files = new Dictionary<string, object> { ["compose.yaml"] = new { text = "services: {web: {image: nginx}}" } };

        await stranger.PostAsJsonAsync("/api/v1/stacks", new { name = _name, environmentId = environment, files }).ProblemAsync(403, "access-denied");
        await client.PostAsJsonAsync("/api/v1/stacks", new { name = _name, environmentId = Guid.NewGuid(), files }).ProblemAsync(422, "refused");
        await client.PostAsJsonAsync("/api/v1/stacks", new { name = _name, environmentId = environment, nodeId = portal.NodeId, files })
            .ProblemAsync(422, "refused");
        var made = await client.PostAsJsonAsync("/api/v1/stacks", new { name = _name, environmentId = environment, files }).OkAsync(HttpStatusCode.Created);

        Assert.Equal(environment, made.GetProperty("environmentId").GetGuid());
        Assert.Equal(JsonValueKind.Null, made.GetProperty("nodeId").ValueKind);
        await client.DeleteAsync($"/api/v1/stacks/{made.GetProperty("id").GetGuid()}").OkAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Check_Files_TellsWhatIsWrongAndKeepsNothing()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);

        var right = await client.PostAsJsonAsync("/api/v1/stacks/check", Body(("KEY", "a"))).OkAsync();
        Assert.Contains(right.GetProperty("steps").EnumerateArray(), step => step.GetProperty("action").GetString() == "create");
        var files = new Dictionary<string, object> { ["compose.yaml"] = new { text = "services:\n  a: 1\n" } };
        var wrong = await client.PostAsJsonAsync("/api/v1/stacks/check", new { name = _name, nodeId = portal.NodeId, files }).OkAsync();
        Assert.Equal(JsonValueKind.Null, wrong.GetProperty("steps").ValueKind);
        Assert.Equal("error", wrong.GetProperty("problems")[0].GetProperty("severity").GetString());
        Assert.DoesNotContain(_name, (await client.GetAsync("/api/v1/stacks?limit=500").OkAsync()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notifications_Targets_AreToldFromThenOn()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        using var operatorClient = await portal.ProgramAsync(BuiltInRoles.Operator, portal.NodeId);
        var target = await client.PostAsJsonAsync(
            "/api/v1/alert-targets", new { name = _name, kind = "Ntfy", settings = new { url = "https://ntfy.example.com/x" } })
            .OkAsync(HttpStatusCode.Created);
        var made = await client.PostAsJsonAsync("/api/v1/stacks", Body(("KEY", "a"))).OkAsync(HttpStatusCode.Created);
        var path = $"/api/v1/stacks/{made.GetProperty("id").GetGuid()}";
        var tag = await TagOfAsync(client, path + "/notifications");
        var told = new { targetIds = new[] { target.GetProperty("id").GetGuid() }, events = new[] { "failed", "rolled-back" } };

        await operatorClient.GetAsync(path + "/notifications").ProblemAsync(403, "access-denied");
        await client.SendAsync(HttpMethod.Put, path + "/notifications", told, ("If-Match", tag)).OkAsync(HttpStatusCode.NoContent);
        Assert.Equal(2, (await client.GetAsync(path + "/notifications").OkAsync()).GetProperty("events").GetArrayLength());
        await client.SendAsync(HttpMethod.Put, path + "/notifications", told, ("If-Match", tag)).ProblemAsync(412, "precondition-failed");

        await client.DeleteAsync($"/api/v1/alert-targets/{target.GetProperty("id").GetGuid()}").OkAsync(HttpStatusCode.NoContent);
        var left = await client.GetAsync(path + "/notifications").OkAsync();
        Assert.Equal(0, left.GetProperty("targetIds").GetArrayLength());
        await client.DeleteAsync(path).OkAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Templates_Catalogue_IsListedAndReadWhole()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Deployer);
        var list = await client.GetAsync("/api/v1/templates?limit=500").OkAsync();
        var first = list.GetProperty("items")[0].GetProperty("id").GetString();

        var one = await client.GetAsync($"/api/v1/templates/{first}").OkAsync();
        Assert.Contains("services:", one.GetProperty("composeFile").GetString(), StringComparison.Ordinal);
        await client.GetAsync("/api/v1/templates/no-such").ProblemAsync(404, "not-found");
    }

    private static async Task<string> TagOfAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return answer.Headers.ETag!.ToString();
    }

    private object Body(params (string Name, string? Value)[] values) => new
    {
        name = _name,
        nodeId = portal.NodeId,
        files = new Dictionary<string, object>
        {
            ["compose.yaml"] = new { text = Compose },
            ["key.bin"] = new { base64 = "AAE=", isExecutable = true },
        },
        values = values.ToDictionary(pair => pair.Name, pair => pair.Value),
        message = "by a test",
    };
}
