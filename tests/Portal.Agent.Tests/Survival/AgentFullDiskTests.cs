using System.Text.Json.Nodes;
using Portal.Testing;
using Portal.Testing.Agents;
using Portal.Testing.Processes;
using Portal.Testing.Survival;

namespace Portal.Agent.Tests.Survival;

/// <summary>A container's log fills the disk that the agent lives on: a file system of its own on a loop device.</summary>
[Collection(SurvivalCollection.Name)]
[Trait("Area", "survival")]
public sealed class AgentFullDiskTests : IAsyncLifetime
{
    private const string Fill = "i=0; while :; do i=$((i+1)); head -c 262144 /dev/zero | tr '\\0' x; echo; echo $i > /beat/at; done";
    private const int KilledCode = 137;
    private RealAgent _agent = null!;

    private DockerClient Docker => _agent.Docker;

    public async Task InitializeAsync()
    {
        _agent = Agents.New();
        await Disposal.UnlessBegunAsync(
            async () =>
            {
                var image = _agent.Instance.TempPath("disk.img");
                await Tool.RunAsync("truncate", "--size", "96M", image);
                await Tool.RunAsync("mkfs.ext4", "-q", "-F", "-m", "0", image);
                await Tool.RunAsync("mount", "-o", "loop", image, _agent.Instance.DataRoot);
                await _agent.StartWithBusyboxAsync();
            },
            () => _agent.DisposeAsync().AsTask());
    }

    public async Task DisposeAsync() => await _agent.DisposeAsync();

    [Fact]
    public async Task Log_FillsTheDisk_ContainerGoesOnAgentSaysSoAndAllWorksWhenThereIsRoom()
    {
        var quiet = await Docker.RunAsync("sleep 1000");
        var host = new JsonObject
        {
            ["LogConfig"] = new JsonObject { ["Type"] = "json-file", ["Config"] = new JsonObject() },
            ["Tmpfs"] = new JsonObject { ["/beat"] = "" },
        };
        var killed = await Docker.RunAsync("sleep 1000");
        var loud = await Docker.RunAsync(Fill, host);
        var disk = new DriveInfo(_agent.Instance.DataRoot);
        await Eventually.HoldsAsync(() => disk.AvailableFreeSpace == 0, "the disk is full");

        // As Docker's, the container goes on: what it writes is lost, not held up. The agent says what is wrong.
        await AssertBeatsAsync(loud);
        await Eventually.HoldsAsync(
            async () => (await WarningsAsync()).Any(warning => warning.Contains(" is full: 0 MiB", StringComparison.Ordinal)),
            "info warns");
        await Eventually.HoldsAsync(
            () => _agent.Log.Contains($"The disk of '{_agent.Places.DataRoot}' is", StringComparison.Ordinal), "the log tells of it");
        Assert.Equal(3, (await Docker.GetAsync("containers/json")).AsArray().Count);
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => Docker.CreateAsync("true"));
        Assert.Contains("disk is full", refusal.Message, StringComparison.Ordinal);

        // An agent that is killed now serves again all the same, and knows all of them. What ended meanwhile is written down later.
        var process = (int)(await Docker.InspectAsync(killed))["State"]!["Pid"]!;
        await _agent.KillAsync();
        await Tool.RunAsync("kill", "-KILL", $"{process}");
        await _agent.StartAsync();
        Assert.Equal(3, (await Docker.GetAsync("containers/json?all=1")).AsArray().Count);
        await AssertBeatsAsync(loud);

        // Removing needs no room, and makes some.
        await Docker.RemoveAsync(loud);
        await Eventually.HoldsAsync(async () => (await WarningsAsync()).Count == 0, "info warns no more");
        await Eventually.HoldsAsync(() => _agent.Log.Contains("has room again", StringComparison.Ordinal), "the log tells of that too");
        await Eventually.HoldsAsync(async () => await EndAsync(killed) == ("exited", KilledCode), "the end that had no room is known");
        var next = await Docker.RunAsync("echo there is room; exit 3");
        Assert.Equal(3, await Docker.WaitAsync(next));
        Assert.Equal("there is room\n", await Docker.LogAsync(next));
        await KernelObjects.SettleAsync(_agent.Places, [quiet]);
    }

    private async Task<(string State, int ExitCode)> EndAsync(string id)
    {
        var state = (await Docker.InspectAsync(id))["State"]!;
        return ((string)state["Status"]!, (int)state["ExitCode"]!);
    }

    private async Task<IReadOnlyList<string>> WarningsAsync() =>
        [.. ((await Docker.GetAsync("info"))["Warnings"]?.AsArray() ?? []).Select(warning => (string)warning!)];

    /// <summary>It gets on: its count, which is in memory, goes up.</summary>
    private async Task AssertBeatsAsync(string id)
    {
        Assert.Equal(0, await Docker.ExecAsync(id, "at=$(cat /beat/at); while [ \"$(cat /beat/at)\" -le \"$at\" ]; do sleep 0.1; done"));
    }
}
