using System.Text.Json.Nodes;
using Portal.Engine.Containers;
using Portal.Testing;
using Portal.Testing.Agents;
using Portal.Testing.Processes;
using Portal.Testing.Survival;

namespace Portal.Agent.Tests.Survival;

/// <summary>
/// The power goes: the agent, all monitors and containers end at once, nothing of them is left in the kernel, and the run folder is
/// empty, or another one. The next agent finds what is on the disk.
/// </summary>
[Collection(SurvivalCollection.Name)]
[Trait("Area", "survival")]
public sealed class AgentRebootTests : IAsyncLifetime
{
    private const int ExecCode = 6;
    private const int CutOff = 255;
    private RealAgent _agent = null!;

    private DockerClient Docker => _agent.Docker;

    public async Task InitializeAsync()
    {
        _agent = Agents.New();
        await Disposal.UnlessBegunAsync(_agent.StartWithBusyboxAsync, () => _agent.DisposeAsync().AsTask());
    }

    public async Task DisposeAsync() => await _agent.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("elsewhere")]
    public async Task PowerCut_EveryPolicy_ComesBackAsItSays(string runFolder)
    {
        var no = await RunAsync(RestartPolicyKind.No);
        var onFailure = await RunAsync(RestartPolicyKind.OnFailure);
        var always = await RunAsync(RestartPolicyKind.Always);
        var alwaysStopped = await RunAsync(RestartPolicyKind.Always, stop: true);
        var unlessStopped = await RunAsync(RestartPolicyKind.UnlessStopped);
        var unlessStoppedStopped = await RunAsync(RestartPolicyKind.UnlessStopped, stop: true);
        string[] back = [onFailure, always, alwaysStopped, unlessStopped];

        await CutPowerAsync(runFolder);

        foreach (var id in back)
        {
            await Eventually.HoldsAsync(async () => await StateAsync(id) is ("running", _), "its policy starts it again");
            await Eventually.HoldsAsync(
                async () => (await Docker.LogAsync(id)).Split('\n').Count(line => line == "line 1") == 2, "both its runs are in its log");
            Assert.Equal(ExecCode, await Docker.ExecAsync(id, $"exit {ExecCode}"));
        }

        Assert.Equal(("exited", CutOff), await StateAsync(no));
        Assert.Equal(("exited", Counting.AskedToEnd), await StateAsync(unlessStoppedStopped));
        await KernelObjects.SettleAsync(_agent.Places, back);
    }

    [Fact]
    public async Task PowerCut_NetworkVolumeAndPublishedPort_AreThereAgain()
    {
        await Docker.PostAsync("networks/create", new JsonObject { ["Name"] = "own", ["Labels"] = new JsonObject { ["kept"] = "yes" } });
        await Docker.PostAsync("volumes/create", new JsonObject { ["Name"] = "pages" });
        var port = FreePort.Find();
        var server = await Docker.RunAsync(
            "date +%s%N >> /pages/index.html; exec httpd -f -p 80 -h /pages",
            new JsonObject
            {
                ["NetworkMode"] = "own",
                ["Binds"] = new JsonArray("pages:/pages"),
                ["RestartPolicy"] = new JsonObject { ["Name"] = "always" },
                ["PortBindings"] = new JsonObject
                {
                    ["80/tcp"] = new JsonArray(new JsonObject { ["HostIp"] = "127.0.0.1", ["HostPort"] = $"{port}" }),
                },
            },
            body => body["Hostname"] = "server");
        await Docker.PostAsync($"containers/{server}/rename?name=server");
        var client = await RunAsync(RestartPolicyKind.Always, network: "own");
        var first = await FetchAsync(port);
        var network = (string)(await Docker.GetAsync("networks/own"))["Id"]!;

        await CutPowerAsync();

        await Eventually.HoldsAsync(async () => await StateAsync(client) is ("running", _), "the client runs again");
        var second = await FetchAsync(port);
        Assert.StartsWith(first, second, StringComparison.Ordinal);
        Assert.Equal(2, second.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(0, await Docker.ExecAsync(client, "wget -q -O /dev/null http://server/"));
        var after = await Docker.GetAsync("networks/own");
        Assert.Equal((network, "yes"), ((string)after["Id"]!, (string)after["Labels"]!["kept"]!));
        await KernelObjects.SettleAsync(_agent.Places, [server, client]);

        // And it goes, too: nothing that came back is held by something older.
        await Docker.RemoveAsync(server);
        await Docker.RemoveAsync(client);
        await Docker.DeleteAsync("networks/own");
        await Docker.DeleteAsync("volumes/pages");
        await KernelObjects.SettleAsync(_agent.Places, []);
    }

    private async Task CutPowerAsync(string runFolder = "")
    {
        await _agent.KillAsync();
        await _agent.Instance.RebootAsync();
        _agent.RunRoot = Path.Combine(_agent.RunRoot, runFolder);
        await _agent.StartAsync();
    }

    private async Task<string> RunAsync(RestartPolicyKind policy, bool stop = false, string network = "bridge")
    {
        var host = new JsonObject
        {
            ["NetworkMode"] = network, ["RestartPolicy"] = new JsonObject { ["Name"] = KillableAgent.NameOf(policy) },
        };
        var id = await Docker.RunAsync(Counting.Script, host);
        await Eventually.HoldsAsync(async () => (await Docker.LogAsync(id)).Contains("line 1\n", StringComparison.Ordinal), "it counts");
        if (stop)
        {
            await Docker.PostAsync($"containers/{id}/stop");
        }

        return id;
    }

    private async Task<(string State, int ExitCode)> StateAsync(string id)
    {
        var state = (await Docker.InspectAsync(id))["State"]!;
        return ((string)state["Status"]!, (int)state["ExitCode"]!);
    }

    private static async Task<string> FetchAsync(int port)
    {
        ToolResult answer = null!;
        await Eventually.HoldsAsync(
            async () => (answer = await Tool.TryRunAsync("busybox", "wget", "-q", "-O", "-", $"http://127.0.0.1:{port}/")).ExitCode == 0,
            "the published port answers");
        return answer.Output;
    }
}
