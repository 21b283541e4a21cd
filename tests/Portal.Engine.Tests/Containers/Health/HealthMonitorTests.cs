using System.Text.Json.Nodes;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Health;
using Portal.Engine.Images;
using Portal.Engine.Runtime;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers.Health;

public sealed class HealthMonitorTests : IAsyncLifetime
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(7);
    private FakeEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _engine = await FakeEngine.StartAsync();
        _engine.Runtime.OnSignal = (runtime, id, signal) =>
        {
            if (signal is 9 or 15 && runtime[id].Exit is null)
            {
                runtime.End(id, 137);
            }
        };
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Probes_UntilTheyFailTooOften_MakeHealthyThenUnhealthyAndTellOnce()
    {
        var id = await StartAsync();
        Assert.Equal(HealthStatus.Starting, (await HealthAsync(id)).Status);

        await ProbeAsync(id, 0, "fine");
        await ProbeAsync(id, 1, "broken");
        await ProbeAsync(id, 1, "broken");
        var health = await HealthAsync(id);

        Assert.Equal((HealthStatus.Unhealthy, 2), (health.Status, health.FailingStreak));
        Assert.Equal(["fine", "broken", "broken"], health.Log.Select(result => result.Output));
        Assert.Equal(["health_status: healthy", "health_status: unhealthy"], await ActionsAsync("health_status"));
        Assert.Equal(["away", "ready", "away"], _engine.Ingress.Told.Select(told => told.State));
        Assert.Empty(await ActionsAsync("exec_"));
        Assert.All(_engine.Runtime.Execs, exec => Assert.Equal(["probe"], exec.Process.Arguments));
    }

    [Fact]
    public async Task Pause_Running_StopsTheProbesUntilItIsOver()
    {
        var id = await StartAsync();
        await ProbeAsync(id, 0);
        await _engine.Containers.PauseAsync(id);
        _engine.Time.Advance(s_interval * 10);
        await _engine.Containers.UnpauseAsync(id);
        Assert.Single(_engine.Runtime.Execs);

        await ProbeAsync(id, 0);
        Assert.Equal(HealthStatus.Healthy, (await HealthAsync(id)).Status);
    }

    [Fact]
    public async Task End_OfTheContainer_EndsTheProbesAndTheNextStartBeginsAnew()
    {
        var id = await StartAsync();
        await ProbeAsync(id, 0);
        await _engine.Containers.KillAsync(id);
        await _engine.Containers.WaitAsync(id);
        Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync(id)).Status);
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.All(wait => wait != s_interval));

        await _engine.Containers.StartAsync(id);
        var health = await HealthAsync(id);
        Assert.Equal((HealthStatus.Starting, 0), (health.Status, health.FailingStreak));
        Assert.Single(health.Log);
    }

    [Fact]
    public async Task EngineRestart_BetweenProbes_KeepsStateAndRhythm()
    {
        var id = await StartAsync();
        await ProbeAsync(id, 1, "first");
        await _engine.EndAsync();
        _engine.Time.Advance(TimeSpan.FromSeconds(3));
        await _engine.BeginAsync();
        var health = await HealthAsync(id);
        Assert.Equal((HealthStatus.Starting, 1), (health.Status, health.FailingStreak));

        // Three of the seven seconds went by without an engine.
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromSeconds(4)));
        await ProbeAsync(id, 1, "second");
        Assert.Equal(HealthStatus.Unhealthy, (await HealthAsync(id)).Status);
    }

    [Fact]
    public async Task Timeout_OfAProbe_KillsItAndCountsAsFailed()
    {
        var id = await StartAsync(check => check with { Timeout = TimeSpan.FromSeconds(2), Retries = 1 });
        var exec = await NextExecAsync(id);
        _engine.Processes.OnSignal = (_, signal) => _engine.Runtime.EndExec(id, exec.ExecId, 128 + signal, "late");
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromSeconds(2)));
        _engine.Time.Advance(TimeSpan.FromSeconds(2));

        await Eventually.HoldsAsync(async () => (await HealthAsync(id)).Status == HealthStatus.Unhealthy);
        var result = Assert.Single((await HealthAsync(id)).Log);
        Assert.Equal(-1, result.ExitCode);
        Assert.StartsWith("Health check exceeded timeout (2s)", result.Output);
    }

    [Fact]
    public async Task Output_OfAProbe_IsBounded()
    {
        var id = await StartAsync();
        await ProbeAsync(id, 0, new string('x', 100_000));

        var output = (await HealthAsync(id)).Log[0].Output;
        Assert.Equal(new string('x', 4096) + "...", output);
    }

    [Fact]
    public async Task Probe_ThatCannotRun_SaysWhyAndCountsAsFailed()
    {
        _engine.Runtime.OnExec = _ => throw Errors.EngineException.InvalidArgument("no such program");
        var id = await StartAsync();
        await AdvanceToProbeAsync();

        await Eventually.HoldsAsync(async () => (await HealthAsync(id)).Log.Count == 1);
        Assert.Equal((-1, "no such program"), ((await HealthAsync(id)).Log[0].ExitCode, (await HealthAsync(id)).Log[0].Output));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task Unhealthy_WithTheLabel_IsRestartedIfItSaysSo(string label, bool restarted)
    {
        var id = await StartAsync(
            check => check with { Retries = 1 }, spec => spec with { Labels = new Dictionary<string, string> { ["portal.restart-unhealthy"] = label } });
        await ProbeAsync(id, 1);
        await Eventually.HoldsAsync(async () => (await ActionsAsync("health_status")).Count == 1);

        if (restarted)
        {
            await Eventually.HoldsAsync(async () => (await ActionsAsync("restart")).Count == 1);
            Assert.Equal(HealthStatus.Starting, (await HealthAsync(id)).Status);
        }
        else
        {
            await ProbeAsync(id, 1);
            Assert.Empty(await ActionsAsync("restart"));
        }
    }

    [Fact]
    public async Task Unhealthy_WhenTheEngineStarts_IsRestarted()
    {
        // As an engine leaves it that is killed after it saw that, and before it did anything about it.
        var id = await StartAsync(
            check => check with { Retries = 1 },
            spec => spec with { Labels = new Dictionary<string, string> { ["portal.restart-unhealthy"] = "true" } });
        await _engine.EndAsync();
        var path = Path.Combine(_engine.DataRoot, "containers", id, "state.json");
        var state = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        state["health"]!["status"] = "Unhealthy";
        await File.WriteAllTextAsync(path, state.ToJsonString());

        await _engine.BeginAsync();

        await Eventually.HoldsAsync(async () => (await ActionsAsync("restart")).Count == 1);
    }

    [Fact]
    public async Task Create_OfAnImageWithACheck_InheritsItUnlessItIsTurnedOff()
    {
        _engine.Images.Add("checked:latest", new ImageConfig { Command = ["sh"], Healthcheck = new Healthcheck { Test = ["CMD", "own"] } });
        var inherited = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "checked" });
        var off = await _engine.Containers.CreateAsync(
            new ContainerSpec { Image = "checked", Healthcheck = new Healthcheck { Test = ["NONE"] } });
        await _engine.Containers.StartAsync(inherited.Id);
        await _engine.Containers.StartAsync(off.Id);

        Assert.NotNull((await _engine.Containers.InspectAsync(inherited.Id)).Health);
        Assert.Null((await _engine.Containers.InspectAsync(off.Id)).Health);
    }

    private async Task<string> StartAsync(
        Func<Healthcheck, Healthcheck>? check = null, Func<ContainerSpec, ContainerSpec>? change = null)
    {
        var health = new Healthcheck { Test = ["CMD", "probe"], Interval = s_interval, Retries = 2 };
        var spec = new ContainerSpec { Image = "busybox", Healthcheck = check is null ? health : check(health) };
        var id = (await _engine.Containers.CreateAsync(change is null ? spec : change(spec))).Id;
        await _engine.Containers.StartAsync(id);
        return id;
    }

    /// <summary>Lets the next probe run and end, and waits until it is counted.</summary>
    private async Task ProbeAsync(string id, int exitCode, string output = "")
    {
        var before = (await HealthAsync(id)).Log is [.., var last] ? last : null;
        var exec = await NextExecAsync(id);
        _engine.Runtime.EndExec(id, exec.ExecId, exitCode, output);
        await Eventually.HoldsAsync(async () => (await HealthAsync(id)).Log is [.., var newest] && !ReferenceEquals(newest, before));
    }

    private async Task<RuntimeExec> NextExecAsync(string id)
    {
        var count = _engine.Runtime.Execs.Count;
        await AdvanceToProbeAsync();
        await Eventually.HoldsAsync(() => _engine.Runtime.Execs.Count > count);

        // Its exit is only its own once the engine knows that it began.
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Any(wait => wait > s_interval || wait == TimeSpan.FromSeconds(2)));
        return _engine.Runtime.Execs.Last();
    }

    private async Task AdvanceToProbeAsync()
    {
        // Log rotation looks every half second; the probe's timer is the one that is longer.
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Any(wait => wait > TimeSpan.FromSeconds(1) && wait <= s_interval));
        _engine.Time.Advance(_engine.Time.Waiting.First(wait => wait > TimeSpan.FromSeconds(1) && wait <= s_interval));
    }

    private async Task<HealthState> HealthAsync(string id) => (await _engine.Containers.InspectAsync(id)).Health!;

    private async Task<List<string>> ActionsAsync(string prefix)
    {
        var actions = new List<string>();
        await foreach (var item in _engine.Events.ReadAsync(0))
        {
            if (item.Action.StartsWith(prefix, StringComparison.Ordinal))
            {
                actions.Add(item.Action);
            }

            if (item.Sequence == _engine.Events.LastSequence)
            {
                break;
            }
        }

        return actions;
    }
}
