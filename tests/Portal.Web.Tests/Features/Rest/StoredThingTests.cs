using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

/// <summary>What the portal stores: made, read, changed with the ETag that was read, removed.</summary>
[Collection(RestCollection.Name)]
public sealed class StoredThingTests(RestPortal portal)
{
    public static TheoryData<string, string, string> Things => new()
    {
        { "environments", """{"name":"NAME","color":"blue"}""", """{"name":"NAME2","color":"blue","description":"more"}""" },
        { "teams", """{"name":"NAME"}""", """{"name":"NAME2","description":"more"}""" },
        {
            "roles", """{"name":"NAME","permissions":["nodes.view"]}""",
            """{"name":"NAME2","permissions":["nodes.view","containers.view"]}"""
        },
        {
            "policies", """{"name":"NAME","rules":{"registries":["docker.io/library/*"]}}""",
            """{"name":"NAME2","rules":{"hostPaths":[{"path":"/data","writable":true}],"forbidPrivileged":true}}"""
        },
        { "registries", """{"host":"NAME.example.com"}""", """{"host":"NAME2.example.com","userName":"u","secret":"s"}""" },
        {
            "alert-rules", """{"name":"NAME","severity":"warning","condition":{"kind":"node-offline"}}""",
            """{"name":"NAME2","severity":"critical","condition":{"kind":"node-offline","forSeconds":60}}"""
        },
        {
            "views", """{"list":"containers","name":"NAME","query":"q=web&sort=-created"}""",
            """{"list":"containers","name":"NAME2","query":"q=web","hidden":["node"]}"""
        },
        {
            "alert-targets", """{"name":"NAME","kind":"Webhook","settings":{"url":"https://NAME.example.com/"}}""",
            """{"name":"NAME2","kind":"Webhook"}"""
        },
        {
            "sign-in-providers", """{"name":"NAME","kind":"oidc","authority":"https://NAME.example.com","clientId":"c","secret":"s"}""",
            """{"name":"NAME2","kind":"oidc","authority":"https://NAME.example.com","clientId":"c"}"""
        },
    };

    [Theory]
    [MemberData(nameof(Things))]
    public async Task Thing_FromItsMakingToItsEnd_IsChangedByWhoHasSeenItAlone(string kind, string make, string change)
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var name = $"t{Guid.NewGuid():N}"[..12];
        using var made = await client.PostTextAsync($"/api/v1/{kind}", make.Replace("NAME", name, StringComparison.Ordinal));
        Assert.True(made.StatusCode == HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        var path = made.Headers.Location!.ToString();
        using var read = await client.GetAsync(path);
        var tag = read.Headers.ETag!.ToString();
        var changed = JsonSerializer.Deserialize<JsonElement>(change.Replace("NAME", name, StringComparison.Ordinal));

        using (var known = await client.SendAsync(HttpMethod.Get, path, null, ("If-None-Match", tag)))
        {
            Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        }

        await client.SendAsync(HttpMethod.Put, path, changed).ProblemAsync(428, "precondition-required");
        await client.SendAsync(HttpMethod.Put, path, changed, ("If-Match", "\"other\"")).ProblemAsync(412, "precondition-failed");
        await client.SendAsync(HttpMethod.Put, path, changed, ("If-Match", "W/" + tag)).ProblemAsync(412, "precondition-failed");
        var both = await Task.WhenAll(
            client.SendAsync(HttpMethod.Put, path, changed, ("If-Match", tag)),
            client.SendAsync(HttpMethod.Put, path, changed, ("If-Match", tag)));
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.PreconditionFailed], both.Select(answer => answer.StatusCode).Order());
        await client.SendAsync(HttpMethod.Delete, path, null, ("If-Match", tag)).ProblemAsync(412, "precondition-failed");

        var list = await client.GetAsync($"/api/v1/{kind}?limit=500").OkAsync();
        Assert.Contains(name, list.ToString(), StringComparison.Ordinal);
        await client.DeleteAsync(path).OkAsync(HttpStatusCode.NoContent);
        await client.GetAsync(path).ProblemAsync(404, "not-found");
        await client.SendAsync(HttpMethod.Put, path, changed, ("If-Match", "*")).ProblemAsync(404, "not-found");
    }

    [Theory]
    [InlineData("environments", """{"name":"a b","color":"blue"}""", 422, "refused")]
    [InlineData("teams", """{"name":""}""", 422, "refused")]
    [InlineData("teams", """{"name":"nul\u0000"}""", 422, "refused")]
    [InlineData("teams", """{"name":"nul","description":"\u0000"}""", 422, "invalid-argument")]
    [InlineData("teams", """{"description":"no name"}""", 400, "invalid-request")]
    [InlineData("roles", """{"name":"x","permissions":["no.such"]}""", 422, "refused")]
    [InlineData("registries", """{"host":"http://x/"}""", 422, "refused")]
    [InlineData("alert-rules", """{"name":"x","severity":"loud","condition":{"kind":"node-offline"}}""", 422, "refused")]
    [InlineData("views", """{"list":"people","name":"x"}""", 422, "refused")]
    [InlineData("views", """{"list":"images","name":""}""", 422, "refused")]
    [InlineData("views", """{"list":"images","name":"x","hidden":["<b>"]}""", 422, "refused")]
    [InlineData("views", """{"list":"images","name":"x","hidden":[null]}""", 400, "invalid-request")]
    [InlineData("views", """{"list":"images","name":"x","teamId":"00000000-0000-7000-8000-000000000000"}""", 422, "refused")]
    [InlineData("alert-targets", """{"name":"x","kind":"0","settings":{"url":"https://x.example.com/"}}""", 422, "refused")]
    [InlineData("alert-targets", """{"name":"x","kind":"Webhook","settings":{"url":"file:///etc/passwd"}}""", 422, "refused")]
    [InlineData("alert-targets", """{"name":"x","kind":"Webhook"}""", 422, "refused")]
    [InlineData(
        "alert-targets", """{"name":"x","kind":"Webhook","portalUrl":"javascript:1","settings":{"url":"https://x.example.com/"}}""", 422, "refused")]
    [InlineData("sign-in-providers", """{"name":"x","kind":"oidc","authority":"http://example.com","clientId":"c"}""", 422, "refused")]
    [InlineData("sign-in-providers", """{"name":"x","kind":"oidc","clientId":"c","settings":{"groups":[null]}}""", 400, "invalid-request")]
    [InlineData("sign-in-providers", """{"name":"x","kind":"magic","clientId":"c"}""", 400, "invalid-request")]
    [InlineData("invitations", """{"role":"Nobody"}""", 422, "refused")]
    [InlineData("invitations", """{"role":"Viewer","days":1000}""", 422, "refused")]
    [InlineData("join-tokens", """{"uses":0}""", 422, "refused")]
    [InlineData("join-tokens", """{"labels":{"a,b":"c"}}""", 422, "refused")]
    public async Task Post_WhatCantBe_IsRefused(string kind, string body, int status, string problem)
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);

        await client.PostTextAsync($"/api/v1/{kind}", body).ProblemAsync(status, problem);
    }

    [Fact]
    public async Task Person_FromTheirMaking_HaveGrantsTeamsAndAnEnd()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var name = $"p{Guid.NewGuid():N}"[..12];
        var made = await client.PostAsJsonAsync("/api/v1/people", new { userName = name, role = "Viewer" }).OkAsync(HttpStatusCode.Created);
        var person = $"/api/v1/people/{made.GetProperty("personId").GetGuid()}";
        Assert.Equal(16, made.GetProperty("password").GetString()!.Length);

        var grant = await client.PostAsJsonAsync($"{person}/grants", new { role = "Developer", nodeId = portal.NodeId })
            .OkAsync(HttpStatusCode.Created);
        Assert.Equal(2, (await client.GetAsync($"{person}/grants").OkAsync()).GetProperty("items").GetArrayLength());
        await client.PostAsJsonAsync($"{person}/grants", new { role = "Viewer", nodeId = portal.NodeId, environmentId = Guid.NewGuid() })
            .ProblemAsync(422, "invalid-argument");
        await client.DeleteAsync($"{person}/grants/{grant.GetProperty("id").GetGuid()}").OkAsync(HttpStatusCode.NoContent);
        Assert.Equal(1, (await client.GetAsync($"{person}/grants").OkAsync()).GetProperty("items").GetArrayLength());
        await client.PostAsync($"{person}/disable", null).OkAsync(HttpStatusCode.NoContent);
        Assert.True((await client.GetAsync(person).OkAsync()).GetProperty("disabled").GetBoolean());
        await client.GetAsync($"/api/v1/people/{Guid.NewGuid()}").ProblemAsync(404, "not-found");
    }

    [Fact]
    public async Task Token_ByAToken_IsNotMade()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);

        await client.PostAsJsonAsync("/api/v1/tokens", new { name = "more" }).ProblemAsync(403, "access-denied");
        var list = await client.GetAsync("/api/v1/tokens").OkAsync();
        Assert.Equal("program", Assert.Single(list.GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
        Assert.DoesNotContain("hash", list.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Audit_PageByPage_IsWholeAndExported()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var ids = new List<long>();
        for (var cursor = ""; cursor is not null && ids.Count < 12;)
        {
            var page = await client.GetAsync("/api/v1/audit?limit=5" + cursor).OkAsync();
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()));
            cursor = page.GetProperty("next").GetString() is { } next ? "&cursor=" + next : null;
        }

        Assert.Equal(ids.OrderDescending().Distinct(), ids);
        await client.GetAsync("/api/v1/audit?cursor=MWFiYw").ProblemAsync(400, "invalid-cursor");
        await client.GetAsync("/api/v1/audit?text=%00").ProblemAsync(422, "invalid-argument");
        Assert.StartsWith("id,at,", await client.GetStringAsync("/api/v1/audit/export.csv"), StringComparison.Ordinal);
    }
}
