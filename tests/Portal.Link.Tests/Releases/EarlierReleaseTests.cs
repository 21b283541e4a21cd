using System.Net;
using System.Text.Json.Nodes;
using Portal.Link.Tests.Portals;
using Portal.Testing;

namespace Portal.Link.Tests.Releases;

/// <summary>
/// An earlier release, as it was built: its database is migrated forward, its portal goes on beside this one, and its agents work with this
/// portal until their turn comes.
/// </summary>
[Trait("Area", "releases")]
public sealed class EarlierReleaseTests : IAsyncLifetime
{
    private static readonly string[] s_pages =
        ["/", "/nodes", "/containers", "/images", "/volumes", "/networks", "/stacks", "/logs", "/events", "/alerts", "/people", "/audit", "/tokens"];

    private readonly ReleaseWorld _world = new();

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(_world.BeginAsync, DisposeAsync);

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task Portal_BesideAnEarlierOne_BothShowAndChangeTheSame()
    {
        await _world.Newer.StartAsync();

        foreach (var portal in (KillablePortal[])[_world.Earlier, _world.Newer])
        {
            foreach (var page in s_pages)
            {
                Assert.Contains("<h1", await _world.Session.PageAsync(portal.Port, page), StringComparison.Ordinal);
            }

            await _world.Session.PostAsync(portal.Port, "/environments", new { name = $"of-{portal.Name}", color = "teal" });
            await _world.Session.PostAsync(portal.Port, "/teams", new { name = $"of-{portal.Name}" });
        }

        string[] expected = ["of-earlier", "of-newer", "production"];
        foreach (var portal in (KillablePortal[])[_world.Earlier, _world.Newer])
        {
            Assert.Equal(expected, await NamesAsync(portal, "/environments"));
            Assert.Equal(["of-earlier", "of-newer", "operators"], await NamesAsync(portal, "/teams"));
            Assert.Equal(["pipeline"], await NamesAsync(portal, "/service-accounts"));
        }

        // The earlier one still has its node, and what the newer one is asked for lands in one log.
        Assert.True(await _world.IsOnlineAsync(_world.Earlier));
        Assert.Contains(_world.Counting[..12], (await ContainersAsync(_world.Earlier)).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(4L, await _world.ScalarAsync("select count(*) from audit_log where object_name like 'of-%' and outcome = 'succeeded'"));
        var chain = await _world.CheckAuditAsync();
        Assert.True(chain is { IsGood: true, Unchained: 0, Checked: > 4 }, $"{chain}");
    }

    [Fact]
    public async Task Portal_InPlaceOfAnEarlierOne_HasItsAgentDoAllItCan()
    {
        await _world.Earlier.KillAsync();
        await using var portal = _world.InPlaceOfEarlier();
        await portal.StartAsync();
        await Eventually.HoldsAsync(() => _world.IsOnlineAsync(portal), "the earlier agent is online at this portal");
        Assert.Contains(_world.Counting[..12], (await ContainersAsync(portal)).ToJsonString(), StringComparison.Ordinal);

        await _world.Session.PostAsync(
            portal.Port, $"/nodes/{_world.NodeId}/containers", new { image = "busybox", name = "by-the-newer" });
        var stack = await _world.Session.PostAsync(portal.Port, "/stacks", new
        {
            name = "web",
            nodeId = _world.NodeId,
            files = new Dictionary<string, object>
            {
                ["compose.yaml"] = new { text = "services: {web: {image: 'busybox:latest', command: [sleep, '3600'], stop_grace_period: 0s}}" },
            },
        });
        var order = await _world.Session.PostAsync(portal.Port, $"/stacks/{stack["id"]}/deployments", new { operation = "deploy" });
        JsonNode deployment = order;
        await Eventually.HoldsAsync(
            async () => (deployment = await _world.Session.GetAsync(portal.Port, $"/deployments/{order["id"]}"))["deployment"]!["finishedAt"] is not null,
            "the stack is deployed on the earlier agent");
        Assert.True((string?)deployment["deployment"]!["state"] == "succeeded", deployment.ToJsonString());
        Assert.Contains("web-web-1", (await ContainersAsync(portal)).ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agent_InPlaceOfAnEarlierOne_KeepsContainersVolumesAndLogs()
    {
        await _world.Earlier.KillAsync();
        await using var portal = _world.InPlaceOfEarlier();
        await portal.StartAsync();
        var before = await _world.Agent.Docker.InspectAsync(_world.Counting);
        await _world.Agent.KillAsync();
        _world.ReplaceAgent();
        await _world.Agent.StartAsync();

        await Eventually.HoldsAsync(() => _world.IsOnlineAsync(portal), "this agent is online at this portal with the identity of the one before");
        var after = await _world.Agent.Docker.InspectAsync(_world.Counting);
        Assert.Equal((int)before["State"]!["Pid"]!, (int)after["State"]!["Pid"]!);
        Assert.Equal((string)before["State"]!["StartedAt"]!, (string)after["State"]!["StartedAt"]!);
        Assert.Equal(
            before["NetworkSettings"]!["Networks"]!.ToJsonString(), after["NetworkSettings"]!["Networks"]!.ToJsonString());
        var counted = await _world.CountAsync();
        await Eventually.HoldsAsync(async () => await _world.CountAsync() > counted, "it counts on");
        Assert.StartsWith("1\n2\n3\n", await _world.Agent.Docker.LogAsync(_world.Counting), StringComparison.Ordinal);

        await _world.Agent.Docker.PostAsync($"containers/{_world.Counting}/restart?t=0");
        await Eventually.HoldsAsync(async () => await _world.CountAsync() > counted + 3, "it counts anew after a restart");
        await _world.Agent.Docker.RemoveAsync(_world.Counting);
        Assert.Equal(HttpStatusCode.OK, await _world.Agent.Docker.StatusAsync("volumes/kept"));
    }

    private Task<JsonNode> ContainersAsync(KillablePortal portal) =>
        _world.Session.GetAsync(portal.Port, $"/nodes/{_world.NodeId}/containers");

    private async Task<string[]> NamesAsync(KillablePortal portal, string path) =>
        [.. (await _world.Session.GetAsync(portal.Port, path))["items"]!.AsArray().Select(item => (string)item!["name"]!).Order(StringComparer.Ordinal)];
}
