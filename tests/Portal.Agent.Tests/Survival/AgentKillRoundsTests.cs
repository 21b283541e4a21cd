using System.Diagnostics;
using System.Text.Json.Nodes;
using Portal.Testing;
using Portal.Testing.Agents;
using Portal.Testing.Processes;
using Portal.Testing.Survival;

namespace Portal.Agent.Tests.Survival;

/// <summary>The agent's process is killed over and over beneath its Docker socket.</summary>
[Collection(SurvivalCollection.Name)]
[Trait("Area", "survival")]
public sealed class AgentKillRoundsTests : IAsyncLifetime
{
    private const string Network = "counted";
    private const int Steady = 20;
    private static readonly TimeSpan s_names = TestSettings.Within(TimeSpan.FromSeconds(1));
    private RealAgent _agent = null!;
    private Dictionary<string, int>? _ports;

    public async Task InitializeAsync()
    {
        _agent = Agents.New();
        await Disposal.UnlessBegunAsync(_agent.StartWithBusyboxAsync, () => _agent.DisposeAsync().AsTask());
    }

    public async Task DisposeAsync() => await _agent.DisposeAsync();

    [Fact]
    public async Task Kill_DuringEveryStep_NothingIsLostOrDoubledOrLeftAndNamesAreAnsweredAtOnce()
    {
        await _agent.Docker.PostAsync("networks/create", new JsonObject { ["Name"] = Network });
        var network = await _agent.Docker.GetAsync($"networks/{Network}");
        var gateway = (string)network["IPAM"]!["Config"]![0]!["Gateway"]!;
        var rounds = new KillRounds(new KillableAgent(_agent) { Network = Network })
        {
            AfterKill = async steady =>
            {
                await AssertNamesAsync(gateway, steady[0]);
                await AssertPortsStayAsync(steady);
            },
        };

        await rounds.RunAsync(Steady, TestSettings.Rounds(KillRounds.Steps.Count, 100));
    }

    /// <summary>Who runs on keeps the port that was chosen for it, and no two have the same.</summary>
    private async Task AssertPortsStayAsync(IReadOnlyList<string> steady)
    {
        var ports = (await _agent.Docker.GetAsync("containers/json")).AsArray()
            .Where(entry => steady.Contains((string)entry!["Id"]!))
            .ToDictionary(entry => (string)entry!["Id"]!, entry => (int)entry!["Ports"]!.AsArray().Single()!["PublicPort"]!);
        Assert.Distinct(ports.Values);
        Assert.Equal(_ports ??= ports, ports);
    }

    /// <summary>
    /// The name server is there with the socket, or a second after it at the latest: containers that ask wait that long. It is asked
    /// from inside a container's network, without an exec, which takes its own time.
    /// </summary>
    private async Task AssertNamesAsync(string gateway, string id)
    {
        var name = ((string)(await _agent.Docker.InspectAsync(id))["Name"]!).TrimStart('/');
        var inside = Path.Combine(_agent.Places.RunRoot, "netns", id);
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await Tool.TryRunAsync("nsenter", $"--net={inside}", "busybox", "nslookup", name, gateway);
            if (answer.ExitCode == 0)
            {
                return;
            }

            Assert.True(Stopwatch.GetElapsedTime(since) < s_names, $"After {s_names}, {name} is unknown: {answer.Output}{answer.Error}");
        }
    }
}
