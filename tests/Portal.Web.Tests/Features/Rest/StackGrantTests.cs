using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>A role that is given on one stack: it is good there, and nowhere beside it.</summary>
[Collection(RestCollection.Name)]
public sealed class StackGrantTests(RestPortal portal)
{
    private readonly string _name = $"g{Guid.NewGuid():N}"[..12];

    [Fact]
    public async Task Grant_OnAStack_IsGoodThereAndNotForItsNeighbour()
    {
        using var admin = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var personId = await portal.Portal.AddPersonAsync(_name, null);
        using var person = await portal.ProgramOfAsync(personId);
        var own = await MakeStackAsync(admin, _name);
        var other = await MakeStackAsync(admin, _name + "b");
        await person.GetAsync($"/api/v1/stacks/{own}").ProblemAsync(403, "access-denied");

        var grant = await GiveAsync(admin, personId, "Deployer", own);
        Assert.Equal(own, Assert.Single((await person.GetAsync("/api/v1/stacks").OkAsync()).GetProperty("items").EnumerateArray())
            .GetProperty("id").GetGuid());
        await person.GetAsync($"/api/v1/stacks/{own}").OkAsync();
        await person.GetAsync($"/api/v1/stacks/{own}/revisions/1/files").OkAsync();
        await person.SendAsync(HttpMethod.Put, $"/api/v1/stacks/{own}", Body(_name), ("If-Match", "*")).OkAsync();

        foreach (var part in new[] { "", "/revisions", "/revisions/1/files", "/plan", "/drift", "/replicas", "/notifications" })
        {
            await person.GetAsync($"/api/v1/stacks/{other}{part}").ProblemAsync(404, "not-found");
        }

        await person.SendAsync(HttpMethod.Put, $"/api/v1/stacks/{other}", Body(_name), ("If-Match", "*")).ProblemAsync(404, "not-found");
        await person.DeleteAsync($"/api/v1/stacks/{other}").ProblemAsync(404, "not-found");
        await person.PostAsJsonAsync("/api/v1/stacks", Body(_name + "c")).ProblemAsync(403, "access-denied");

        // Its node is not theirs, nor what else is on it.
        await person.GetAsync($"/api/v1/nodes/{portal.NodeId}").ProblemAsync(403, "access-denied");
        await person.PostAsync($"/api/v1/nodes/{portal.NodeId}/containers/web/stop", null).ProblemAsync(403, "access-denied");

        await admin.DeleteAsync($"/api/v1/people/{personId}/grants/{grant}").OkAsync(HttpStatusCode.NoContent);
        await person.GetAsync($"/api/v1/stacks/{own}").ProblemAsync(403, "access-denied");
        await admin.DeleteAsync($"/api/v1/stacks/{own}").OkAsync(HttpStatusCode.NoContent);
        await admin.DeleteAsync($"/api/v1/stacks/{other}").OkAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Grant_OnAStack_IsExplainedAndGoesWithIt()
    {
        using var admin = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var personId = await portal.Portal.AddPersonAsync(_name, null);
        var stack = await MakeStackAsync(admin, _name);
        await GiveAsync(admin, personId, "Administrator", stack);

        var there = await admin.GetAsync($"/api/v1/people/{personId}/access?stack={stack}").OkAsync();
        Assert.Equal(stack, Permission(there, "stacks.deploy")!.Value.GetProperty("by")[0].GetProperty("stackId").GetGuid());
        var anywhere = await admin.GetAsync($"/api/v1/people/{personId}/access").OkAsync();
        Assert.Null(Permission(anywhere, "nodes.shell"));
        Assert.Null(Permission(anywhere, "users.manage"));
        Assert.Null(Permission(await admin.GetAsync($"/api/v1/people/{personId}/access?node={portal.NodeId}").OkAsync(), "stacks.view"));

        await admin.DeleteAsync($"/api/v1/stacks/{stack}").OkAsync(HttpStatusCode.NoContent);
        Assert.Equal(0, (await admin.GetAsync($"/api/v1/people/{personId}/grants").OkAsync()).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Grant_OnTwoPlacesOrTwice_IsRefused()
    {
        using var admin = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var personId = await portal.Portal.AddPersonAsync(_name, null);
        var stack = await MakeStackAsync(admin, _name);
        var path = $"/api/v1/people/{personId}/grants";
        await GiveAsync(admin, personId, "Viewer", stack);

        await admin.PostAsJsonAsync(path, new { role = "Viewer", stackId = stack }).ProblemAsync(422, "refused");
        await admin.PostAsJsonAsync(path, new { role = "Viewer", stackId = Guid.NewGuid() }).ProblemAsync(422, "refused");
        await admin.PostAsJsonAsync(path, new { role = "Viewer", stackId = stack, nodeId = portal.NodeId })
            .ProblemAsync(422, "invalid-argument");
        await admin.PostAsJsonAsync(path, new { role = "Viewer" }).OkAsync(HttpStatusCode.Created);
        await admin.DeleteAsync($"/api/v1/stacks/{stack}").OkAsync(HttpStatusCode.NoContent);
    }

    private static JsonElement? Permission(JsonElement access, string name) => access.GetProperty("permissions").EnumerateArray()
        .Where(permission => permission.GetProperty("permission").GetString() == name).Cast<JsonElement?>().FirstOrDefault();

    private static async Task<Guid> GiveAsync(HttpClient admin, Guid personId, string role, Guid stackId)
    {
        var made = await admin.PostAsJsonAsync($"/api/v1/people/{personId}/grants", new { role, stackId }).OkAsync(HttpStatusCode.Created);
        return made.GetProperty("id").GetGuid();
    }

    private async Task<Guid> MakeStackAsync(HttpClient client, string name) =>
        (await client.PostAsJsonAsync("/api/v1/stacks", Body(name)).OkAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();

    private Dictionary<string, object?> Body(string name) => new()
    {
        ["name"] = name,
        ["nodeId"] = portal.NodeId,
        ["files"] = new Dictionary<string, object> { ["compose.yaml"] = new { text = "services: {web: {image: nginx}}" } },
        ["values"] = new Dictionary<string, string>(),
    };
}
