using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

[Collection(RestCollection.Name)]
public sealed class DeploymentRulesTests(RestPortal portal)
{
    [Fact]
    public async Task Rules_OfAnEnvironment_AreChangedByWhoHasSeenThemAlone()
    {
        using var client = await portal.ProgramAsync(BuiltInRoles.Administrator);
        var made = await client.PostAsJsonAsync("/api/v1/environments", new { name = $"e{Guid.NewGuid():N}"[..12], color = "blue" })
            .OkAsync(HttpStatusCode.Created);
        var path = $"/api/v1/environments/{made.GetProperty("id").GetString()}/deployment-rules";
        using var read = await client.GetAsync(path);
        var tag = read.Headers.ETag!.ToString();
        var rules = JsonSerializer.Deserialize<JsonElement>("""
            {
              "approvalHours": 4, "timeZone": "Europe/Vienna",
              "windows": [{ "days": ["monday", "friday"], "from": "09:00:00", "to": "16:30:00" }],
              "freezes": [{ "from": "2026-12-20T00:00:00", "to": "2027-01-07T00:00:00", "note": "holidays" }]
            }
            """);

        await client.SendAsync(HttpMethod.Put, path, rules).ProblemAsync(428, "precondition-required");
        using (var saved = await client.SendAsync(HttpMethod.Put, path, rules, ("If-Match", tag)))
        {
            Assert.True(saved.StatusCode == HttpStatusCode.NoContent, await saved.Content.ReadAsStringAsync());
        }

        await client.SendAsync(HttpMethod.Put, path, rules, ("If-Match", tag)).ProblemAsync(412, "precondition-failed");
        var now = await client.GetAsync(path).OkAsync();
        Assert.Equal(4, now.GetProperty("approvalHours").GetInt32());
        Assert.Equal("friday", now.GetProperty("windows")[0].GetProperty("days")[1].GetString());
        var wrong = JsonSerializer.Deserialize<JsonElement>("""{"approvalHours": 10000, "timeZone": "Mars/Olympus"}""");
        await client.SendAsync(HttpMethod.Put, path, wrong, ("If-Match", "*")).ProblemAsync(422, "refused");
        using var viewer = await portal.ProgramAsync(BuiltInRoles.Viewer);
        await viewer.SendAsync(HttpMethod.Put, path, rules, ("If-Match", "*")).ProblemAsync(403, "access-denied");
    }
}
