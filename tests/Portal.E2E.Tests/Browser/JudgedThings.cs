using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Portal.E2E.Tests.Browser;

/// <summary>Makes one of each thing that has a page or a row of its own, as a program does.</summary>
internal sealed class JudgedThings(string portal, string token, string node)
{
    /// <returns>The addresses of their pages, by the pages' routes.</returns>
    public async Task<IReadOnlyDictionary<string, string>> MakeAsync()
    {
        var target = await MakeAsync("alert-targets", new { name = "judged", kind = "Webhook", settings = new { url = "https://hooks.invalid/judged" } });
        await MakeAsync("alert-rules", new
        {
            name = "judged",
            severity = "warning",
            condition = new { kind = "node-disk", threshold = 99.5, clear = 90 },
            targetIds = new[] { target },
        });
        await MakeAsync("alert-silences", new { reason = "judged", beginsAt = "2026-01-01T00:00:00Z", endsAt = "2026-01-01T01:00:00Z", weekly = true });
        var file = new { text = "services: { web: { image: busybox, command: sleep 1000 } }" };
        var stack = await MakeAsync("stacks", new { name = "judged", nodeId = node, files = new Dictionary<string, object> { ["compose.yaml"] = file } });
        var hook = await MakeAsync("webhooks", new { stackId = stack, name = "judged", provider = "github" });
        var job = await MakeAsync("jobs", new { name = "judged", kind = "prune", settings = new { images = true }, cron = "0 3 1 1 *" });
        var environment = await MakeAsync("environments", new { name = "judged", color = "blue" });
        var team = await MakeAsync("teams", new { name = "judged" });
        var registry = await MakeAsync("registries", new { host = "registry.invalid" });
        var role = await MakeAsync("roles", new { name = "judged", permissions = new[] { "nodes.view" } });
        return new Dictionary<string, string>
        {
            ["/stacks/{}"] = $"stacks/{stack}",
            ["/webhooks/{}"] = $"webhooks/{hook}",
            ["/jobs/{}"] = $"jobs/{job}",
            ["/environments/{}"] = $"environments/{environment}",
            ["/teams/{}"] = $"teams/{team}",
            ["/registries/{}"] = $"registries/{registry}",
            ["/roles/{}"] = $"roles/{role}",
        };
    }

    private async Task<string> MakeAsync(string what, object body)
    {
        using var client = new HttpClient { BaseAddress = new Uri(portal) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.PostAsJsonAsync($"/api/v1/{what}", body);
        Assert.True(answer.IsSuccessStatusCode, $"{what}: {await answer.Content.ReadAsStringAsync()}");
        return answer.Headers.Location?.OriginalString.Split('/')[^1] ?? "";
    }
}
