using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using Portal.Contracts.Registries.V1;
using Portal.Web.Access;
using Portal.Web.Tests.Features.Rest;

namespace Portal.Web.Tests.Features.Updates.Rules;

/// <summary>Rules for tags of images, as programs set and try them.</summary>
[Collection(RestCollection.Name)]
public sealed class ImageRuleRestTests(RestPortal portal) : IDisposable
{
    public void Dispose() => portal.Nodes.Clear();

    [Fact]
    public async Task Rule_SetTriedLookedAtAndTakenAway_SaysWhatItFinds()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var rules = await StackAsync(client) + "/image-rules";
        portal.Nodes.Answer<ListTagsRequest>(asked => asked.Repository == "team/web"
            ? new ListTagsResponse { Tags = { "1.2.0", "1.3.0", "2.0.0", "latest" } }
            : throw new RpcException(new Status(StatusCode.NotFound, "no such repository")));

        await client.PutAsJsonAsync(rules + "/web", new { order = "version", range = "^1" }).OkAsync(HttpStatusCode.NoContent);
        var listed = await client.GetAsync(rules).OkAsync();
        var found = await client.PostAsync(rules + "/look", null).OkAsync();
        var tried = await client.PostAsJsonAsync(rules + "/try", new { service = "web", rule = new { order = "version", range = ">=2" } }).OkAsync();
        var taken = await client.PostAsync(rules + "/take", null).OkAsync();
        await client.DeleteAsync(rules + "/web").OkAsync(HttpStatusCode.NoContent);

        Assert.Equal("^1", listed[0].GetProperty("rule").GetProperty("range").GetString());
        var web = found.GetProperty("services")[0];
        Assert.Equal("r.example/team/web:1.3.0", web.GetProperty("image").GetString());
        Assert.Equal(2, web.GetProperty("choice").GetProperty("leftOut").GetArrayLength());
        Assert.Contains("has not been deployed", found.GetProperty("held").GetString(), StringComparison.Ordinal);
        Assert.Equal("r.example/team/web:2.0.0", tried.GetProperty("image").GetString());
        Assert.Contains("has not been deployed", taken.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, taken.GetProperty("deploymentId").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await client.GetAsync(rules).OkAsync())[0].GetProperty("rule").ValueKind);
    }

    [Theory]
    [InlineData("web", """{"order":"version","range":"newest"}""", 422)]
    [InlineData("web", """{"order":"alphabet","pattern":"/(?=x)/"}""", 422)]
    [InlineData("none", """{"order":"number"}""", 422)]
    [InlineData("web", """{"order":"sideways"}""", 400)]
    [InlineData("web", """{"order":7}""", 400)]
    [InlineData("web", """{"order":"number","range":null}""", 400)]
    [InlineData("web", """{"order":"number","other":1}""", 400)]
    public async Task Rule_ThatIsNone_IsRefused(string service, string body, int status)
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var rules = await StackAsync(client) + "/image-rules";

        var answer = await client.PutAsync($"{rules}/{service}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Rules_OfAStackThatOneMayNotSeeOrChange_AreNotThere()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        using var stranger = await portal.ProgramAsync(BuiltInRoles.Operator, portal.OtherNodeId);
        using var viewer = await portal.ProgramAsync(BuiltInRoles.Viewer);
        var rules = await StackAsync(client) + "/image-rules";

        await stranger.GetAsync(rules).ProblemAsync(404, "not-found");
        await stranger.PutAsJsonAsync(rules + "/web", new { order = "number" }).ProblemAsync(404, "not-found");
        await stranger.PostAsync(rules + "/take", null).ProblemAsync(404, "not-found");
        await viewer.GetAsync(rules).OkAsync();
        await viewer.PutAsJsonAsync(rules + "/web", new { order = "number" }).ProblemAsync(403, "access-denied");
        await viewer.PostAsync(rules + "/look", null).ProblemAsync(403, "access-denied");
    }

    private async Task<string> StackAsync(HttpClient client)
    {
        var files = new Dictionary<string, object> { ["compose.yaml"] = new { text = "services: {web: {image: 'r.example/team/web:1.2.0'}}" } };
        var made = await client.PostAsJsonAsync("/api/v1/stacks", new { name = $"s{Guid.NewGuid():N}"[..12], nodeId = portal.NodeId, files })
            .OkAsync(HttpStatusCode.Created);
        return $"/api/v1/stacks/{made.GetProperty("id").GetGuid()}";
    }
}
