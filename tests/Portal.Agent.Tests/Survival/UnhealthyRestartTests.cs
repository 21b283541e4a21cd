using System.Text.Json.Nodes;
using Portal.Testing;
using Portal.Testing.Agents;
using Portal.Testing.Survival;

namespace Portal.Agent.Tests.Survival;

/// <summary>The agent is killed when the unhealthy container that it restarts has been told to end and has not yet done so.</summary>
[Collection(SurvivalCollection.Name)]
[Trait("Area", "survival")]
public sealed class UnhealthyRestartTests : IAsyncLifetime
{
    private const string Script =
        "trap 'echo ending; sleep 1; exit 4' TERM; rm -f /sick; echo begun; while :; do sleep 0.1 & wait $!; done";

    private RealAgent _agent = null!;

    private DockerClient Docker => _agent.Docker;

    public async Task InitializeAsync()
    {
        _agent = Agents.New();
        await Disposal.UnlessBegunAsync(_agent.StartWithBusyboxAsync, () => _agent.DisposeAsync().AsTask());
    }

    public async Task DisposeAsync() => await _agent.DisposeAsync();

    [Fact]
    public async Task Kill_DuringRestartOfTheUnhealthy_IsFinishedAsARestart()
    {
        var health = new JsonObject
        {
            ["Test"] = new JsonArray("CMD-SHELL", "test ! -e /sick"), ["Interval"] = 100_000_000, ["Retries"] = 1,
        };
        var id = await Docker.RunAsync(Script, change: body =>
        {
            body["Healthcheck"] = health;
            body["Labels"] = new JsonObject { ["portal.restart-unhealthy"] = "true" };
        });
        await HealthIsAsync(id, "healthy");
        Assert.Equal(0, await Docker.ExecAsync(id, "touch /sick"));
        await LogIsAsync(id, "begun\nending\n");

        await _agent.KillAsync();
        await _agent.StartAsync();

        // Its policy says no: only who goes on with the restart starts it again. Once, and as a restart, not as a policy's.
        await LogIsAsync(id, "begun\nending\nbegun\n");
        await HealthIsAsync(id, "healthy");
        var seen = await Docker.InspectAsync(id);
        Assert.Equal(("running", 0), ((string)seen["State"]!["Status"]!, (int)seen["RestartCount"]!));
        var filters = Uri.EscapeDataString($"{{\"container\":[\"{id}\"],\"event\":[\"restart\"]}}");
        var until = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1;
        var events = await Docker.TextAsync($"events?since=1&until={until}&filters={filters}");
        Assert.Single(events.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        // The next agent has nothing to finish any more.
        await _agent.KillAsync();
        await _agent.StartAsync();
        Assert.Equal("begun\nending\nbegun\n", await Docker.LogAsync(id));
        await KernelObjects.SettleAsync(_agent.Places, [id]);
    }

    private Task HealthIsAsync(string id, string status) => Eventually.HoldsAsync(
        async () => (string?)(await Docker.InspectAsync(id))["State"]!["Health"]?["Status"] == status, $"it is {status}");

    private Task LogIsAsync(string id, string text) =>
        Eventually.HoldsAsync(async () => await Docker.LogAsync(id) == text, $"its log is {text}");
}
