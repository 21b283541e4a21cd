using System.Net;
using System.Net.Http.Json;
using Portal.Contracts.Builds.V1;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Files.V1;
using Portal.Testing;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>What is done on nodes: builds, consoles, files, signals.</summary>
[Collection(RestCollection.Name)]
public sealed class NodeWorkRestTests(RestPortal portal) : IDisposable
{
    private readonly string _node = $"/api/v1/nodes/{portal.NodeId}";

    public void Dispose() => portal.Nodes.Clear();

    [Theory]
    [InlineData("?signal=SIGHUP", "SIGHUP")]
    [InlineData("", "")]
    public async Task Kill_Signal_GoesToTheNode(string query, string signal)
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Operator);

        await client.PostAsync($"{_node}/containers/web/kill{query}", null).OkAsync(HttpStatusCode.NoContent);
        Assert.Equal(signal, Assert.IsType<KillContainerRequest>(Assert.Single(portal.Nodes.Requests).Message).Signal);
    }

    [Fact]
    public async Task Build_Started_GoesOnByItselfAndTellsHowItWent()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Operator);
        using var other = await portal.ProgramAsync(BuiltInRoles.Deployer, portal.OtherNodeId);
        using var seer = await portal.ProgramAsync(BuiltInRoles.Viewer, portal.NodeId);
        var body = new { source = "editor", dockerfileText = "FROM busybox\n", names = new[] { "a:1" }, secrets = new { token = "hunter2" } };

        var made = await client.PostAsJsonAsync(_node + "/builds", body).OkAsync(HttpStatusCode.Created);
        var path = $"/api/v1/builds/{made.GetProperty("id").GetGuid()}";

        // These nodes build nothing: what counts here is that it is told.
        await Eventually.HoldsAsync(
            async () => (await client.GetAsync(path).OkAsync()).GetProperty("state").GetString() == "failed", "the build has ended");
        Assert.Equal(0, (await client.GetAsync(path + "/steps").OkAsync()).GetProperty("items").GetArrayLength());
        await client.PostAsync(path + "/cancel", null).ProblemAsync(409, "conflict");
        await seer.GetAsync(path).OkAsync();
        await seer.GetAsync(path + "/steps").OkAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await seer.PostAsync(path + "/cancel", null)).StatusCode);
        await other.GetAsync(path).ProblemAsync(404, "not-found");
        await other.GetAsync(path + "/steps").ProblemAsync(404, "not-found");
        await other.PostAsync(path + "/cancel", null).ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Build_OfAnUpload_WaitsAndIsCancelled()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Operator);
        var made = await client.PostAsJsonAsync(_node + "/builds", new { source = "upload" }).OkAsync(HttpStatusCode.Created);
        var id = made.GetProperty("id").GetGuid();

        Assert.Equal("waiting", made.GetProperty("state").GetString());
        Assert.Equal($"{_node}/builds/{id}/context", made.GetProperty("context").GetString());
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await client.GetAsync($"/api/v1/builds/{id}");
                return answer.IsSuccessStatusCode;
            },
            "the build is kept");
        await client.PostAsync($"/api/v1/builds/{id}/cancel", null).OkAsync(HttpStatusCode.NoContent);
        await Eventually.HoldsAsync(
            async () => (await client.GetAsync($"/api/v1/builds/{id}").OkAsync()).GetProperty("state").GetString() == "cancelled",
            "the build has ended");
    }

    [Theory]
    [InlineData("""{"source":"editor"}""", 422, "refused")]
    [InlineData("""{"source":"remote","address":"file:///etc"}""", 422, "refused")]
    [InlineData("""{"source":"remote","address":"https://me:secret@example.com/x.git"}""", 422, "refused")]
    [InlineData("""{"source":"editor","dockerfileText":"FROM a","processors":-1}""", 422, "refused")]
    [InlineData("""{"source":"editor","dockerfileText":"FROM a","arguments":{"A=B":"x"}}""", 422, "refused")]
    [InlineData("""{"source":"editor","dockerfileText":"FROM a","arguments":{"A":null}}""", 422, "refused")]
    [InlineData("""{"source":"nowhere"}""", 400, "invalid-request")]
    public async Task Build_WhatCantBe_IsRefused(string body, int status, string problem)
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Operator);

        await client.PostTextAsync(_node + "/builds", body).ProblemAsync(status, problem);
    }

    [Fact]
    public async Task BuildCache_LimitsAndPrune_GoToTheNode()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);

        await client.GetAsync(_node + "/build-cache").OkAsync();
        await client.SendAsync(HttpMethod.Put, _node + "/build-cache/limits", new { maxBytes = 5, maxUnused = 60 }).OkAsync();
        await client.PostAsJsonAsync(_node + "/build-cache/prune", new { all = true }).OkAsync();

        Assert.Equal(60, portal.Nodes.Requests.Select(request => request.Message).OfType<SetCacheLimitsRequest>().Single().Limits.MaxUnused.Seconds);
        Assert.True(portal.Nodes.Requests.Select(request => request.Message).OfType<PruneCacheRequest>().Single().Selection.All);
    }

    [Fact]
    public async Task Consoles_OfOthers_AreEndedByWhoMay()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        using var viewer = await portal.ProgramAsync(BuiltInRoles.Viewer);
        portal.Nodes.Answer<ListConsolesRequest>(_ => new ListConsolesResponse
        {
            Consoles = { new ConsoleInfo { Id = "c1", OwnerId = Guid.NewGuid().ToString(), Owner = "else" } },
        });

        var list = await client.GetAsync(_node + "/consoles").OkAsync();
        Assert.Equal("c1", list.GetProperty("items")[0].GetProperty("id").GetString());
        await client.DeleteAsync(_node + "/consoles/c2").ProblemAsync(404, "not-found");
        await viewer.DeleteAsync(_node + "/consoles/c1").ProblemAsync(403, "access-denied");
        Assert.DoesNotContain(portal.Nodes.Requests, request => request.Message is EndConsoleRequest);
        await client.DeleteAsync(_node + "/consoles/c1").OkAsync(HttpStatusCode.NoContent);
        Assert.Equal("c1", portal.Nodes.Requests.Select(request => request.Message).OfType<EndConsoleRequest>().Single().Console);
    }

    [Fact]
    public async Task Files_PathsThatStray_AreStraightened()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var files = _node + "/containers/web/files";

        await client.PostAsJsonAsync(files + "/folder", new { path = "/a/../../b" }).OkAsync(HttpStatusCode.NoContent);
        await client.PostAsJsonAsync(files + "/rename", new { path = "/b", newPath = "/c" }).OkAsync(HttpStatusCode.NoContent);
        await client.DeleteAsync(files + "?path=%2fc").OkAsync(HttpStatusCode.NoContent);
        await client.DeleteAsync(files + "?path=c").ProblemAsync(422, "invalid-argument");
        await client.DeleteAsync(files).ProblemAsync(400, "invalid-request");

        var asked = portal.Nodes.Requests.Select(request => request.Message).ToList();
        Assert.Equal("/b", asked.OfType<MakeFolderRequest>().Single().Path);
        Assert.Equal("/c", asked.OfType<RenameFileRequest>().Single().NewPath);
        Assert.Equal("/c", asked.OfType<RemoveFileRequest>().Single().Path);
    }

    [Fact]
    public async Task Lists_OfThePortal_AreThere()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);

        foreach (var path in new[] { "node-events", "waiting-hosts", "consoles/recordings", "alert-deliveries" })
        {
            Assert.Equal(0, (await client.GetAsync("/api/v1/" + path).OkAsync()).GetProperty("items").GetArrayLength());
        }

        await client.GetAsync("/api/v1/node-events?cursor=MWFiYw").ProblemAsync(400, "invalid-cursor");
        await client.PostAsync($"/api/v1/waiting-hosts/{Guid.NewGuid()}/accept", null).ProblemAsync(422, "refused");
    }
}
