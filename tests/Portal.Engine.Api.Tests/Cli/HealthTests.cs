using System.Text.Json.Nodes;
using Portal.Testing;

namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class HealthTests(EngineFixture engine) : IAsyncLifetime
{
    private readonly string _name = $"h{Guid.NewGuid():N}"[..12];

    private DockerCli Docker => engine.Docker;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Docker.RunAsync("rm", "--force", _name);

    [Fact]
    public async Task Run_WithACheck_BecomesHealthyThenUnhealthyAsItsProbeSays()
    {
        await RunAsync("test -f /tmp/ok && echo good || { echo bad; exit 1; }", "--health-retries", "2");
        Assert.Contains("(health: starting)", await StatusAsync());
        Assert.Equal(_name, await FilterAsync("starting"));

        await Docker.GetAsync("exec", _name, "touch", "/tmp/ok");
        await HasStatusAsync("healthy");
        Assert.EndsWith(" (healthy)", await StatusAsync());
        Assert.Equal(_name, await FilterAsync("healthy"));
        Assert.Equal("", await FilterAsync("unhealthy"));

        await Docker.GetAsync("exec", _name, "rm", "/tmp/ok");
        await HasStatusAsync("unhealthy");
        var health = JsonNode.Parse(await Docker.GetAsync("inspect", "--format", "{{json .State.Health}}", _name))!;
        var last = health["Log"]!.AsArray()[^1]!;
        Assert.Equal(("bad\n", 1), ((string)last["Output"]!, (int)last["ExitCode"]!));
        Assert.InRange(health["Log"]!.AsArray().Count, 2, 5);
        var told = await Docker.GetAsync(
            "events", "--since", "1h", "--until", "-1s", "--filter", $"container={_name}", "--filter", "event=health_status", "--format", "{{.Action}}");
        Assert.Equal(["health_status: healthy", "health_status: unhealthy"], told.Split('\n').Distinct());
    }

    [Fact]
    public async Task Run_WithASlowProbe_ExceedsItsTimeout()
    {
        await RunAsync("echo begun; sleep 1000", "--health-retries", "1", "--health-timeout", "300ms");

        await HasStatusAsync("unhealthy");

        var output = await Docker.GetAsync("inspect", "--format", "{{(index .State.Health.Log 0).Output}}", _name);
        Assert.StartsWith("Health check exceeded timeout (300ms)", output);
    }

    [Fact]
    public async Task Run_NoHealthcheckOrAWrongOne_HasNoHealthOrIsRefused()
    {
        await Docker.GetAsync("run", "--detach", "--name", _name, "--no-healthcheck", "busybox", "sleep", "1000");
        Assert.Equal("<nil>", await Docker.GetAsync("inspect", "--format", "{{.State.Health}}", _name));
        Assert.Equal(_name, await FilterAsync("none"));

        var refused = await Docker.RunAsync("create", "--health-cmd", "true", "--health-interval", "1us", "busybox");
        Assert.Contains("Interval in Healthcheck cannot be less than 1ms", refused.Error);
        Assert.Contains("invalid filter", (await Docker.RunAsync("ps", "--filter", "health=fine")).Error);
    }

    [Fact]
    public async Task Restart_OfTheUnhealthy_HappensWhereItsLabelSaysSo()
    {
        await RunAsync("exit 1", "--health-retries", "1", "--label", "portal.restart-unhealthy=true", "--stop-timeout", "0");
        var first = await Docker.GetAsync("inspect", "--format", "{{.State.StartedAt}}", _name);

        await Eventually.HoldsAsync(
            async () => await Docker.GetAsync("inspect", "--format", "{{.State.StartedAt}}", _name) != first, "it was started again");
    }

    private Task RunAsync(string check, params string[] options)
    {
        return Docker.GetAsync(
            ["run", "--detach", "--name", _name, "--health-cmd", check, "--health-interval", "150ms", .. options, "busybox", "sleep", "1000"]);
    }

    private Task HasStatusAsync(string status)
    {
        return Eventually.HoldsAsync(
            async () => await Docker.GetAsync("inspect", "--format", "{{.State.Health.Status}}", _name) == status, $"it is {status}");
    }

    private Task<string> FilterAsync(string health) =>
        Docker.GetAsync("ps", "--filter", $"health={health}", "--filter", $"name=^/{_name}$", "--format", "{{.Names}}");

    private Task<string> StatusAsync() => Docker.GetAsync("ps", "--filter", $"name=^/{_name}$", "--format", "{{.Status}}");
}
