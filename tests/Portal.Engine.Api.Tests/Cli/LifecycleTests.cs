using System.Diagnostics;
using System.Text.Json.Nodes;
using Portal.Testing;

namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class LifecycleTests(EngineFixture engine) : IAsyncLifetime
{
    private readonly string _name = $"c{Guid.NewGuid():N}"[..12];

    private DockerCli Docker => engine.Docker;

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Docker.RunAsync("rm", "--force", _name);

    [Fact]
    public async Task Life_OfAContainer_IsWhatPsShows()
    {
        await Docker.GetAsync("create", "--name", _name, "--label", "k=v", "busybox", "sleep", "1000");
        Assert.Equal("Created", await StatusAsync());
        await Docker.GetAsync("start", _name);
        Assert.StartsWith("Up ", await StatusAsync());
        await Docker.GetAsync("pause", _name);
        Assert.EndsWith("(Paused)", await StatusAsync());
        await Docker.GetAsync("unpause", _name);
        await Docker.GetAsync("restart", "--time", "1", _name);
        Assert.StartsWith("Up ", await StatusAsync());
        await Docker.GetAsync("kill", "--signal", "KILL", _name);
        Assert.Equal("137", await Docker.GetAsync("wait", _name));
        Assert.StartsWith("Exited (137) ", await StatusAsync());
        await Docker.GetAsync("start", _name);
        await Docker.GetAsync("stop", "--time", "1", _name);
        Assert.StartsWith("Exited (137) ", await StatusAsync());
        await Docker.GetAsync("rm", _name);
        Assert.Equal("", await StatusAsync());
    }

    [Fact]
    public async Task Remove_Running_IsRefusedUnlessForced()
    {
        await StartSleepingAsync();

        var refused = await Docker.RunAsync("rm", _name);
        await Docker.GetAsync("rm", "--force", _name);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("container is running", refused.Error);
        Assert.Contains("No such", (await Docker.RunAsync("inspect", _name)).Error);
    }

    [Fact]
    public async Task Inspect_Running_TellsItsFoldersAndItsExecs()
    {
        await StartSleepingAsync();
        await Docker.GetAsync("exec", _name, "touch", "/written");
        await Docker.GetAsync("exec", "--detach", _name, "sleep", "1000");

        var upper = await Docker.GetAsync("inspect", "--format", "{{.GraphDriver.Data.UpperDir}}", _name);
        var merged = await Docker.GetAsync("inspect", "--format", "{{.GraphDriver.Data.MergedDir}}", _name);
        var lower = await Docker.GetAsync("inspect", "--format", "{{.GraphDriver.Data.LowerDir}}", _name);
        var execs = JsonNode.Parse(await Docker.GetAsync("inspect", "--format", "{{json .ExecIDs}}", _name))!.AsArray();
        var image = await Docker.GetAsync("inspect", "--type", "image", "--format", "{{.GraphDriver.Data.UpperDir}}", "busybox");

        Assert.True(File.Exists(Path.Combine(upper, "written")), upper);
        Assert.True(File.Exists(Path.Combine(merged, "written")), merged);
        Assert.All(lower.Split(':'), folder => Assert.True(Directory.Exists(folder), folder));
        Assert.True(Directory.Exists(Path.Combine(image, "bin")), image);
        Assert.Equal(64, ((string)Assert.Single(execs)!).Length);
    }

    [Fact]
    public async Task Rename_Running_KeepsRunningUnderTheNewName()
    {
        await StartSleepingAsync();
        await Docker.GetAsync("rename", _name, $"{_name}-2");
        Assert.Equal("true", await Docker.GetAsync("inspect", "--format", "{{.State.Running}}", $"{_name}-2"));
        await Docker.GetAsync("rename", $"{_name}-2", _name);
    }

    [Fact]
    public async Task Logs_EachOption_Selects()
    {
        await Docker.GetAsync("run", "--detach", "--name", _name, "busybox", "sh", "-c", "echo one; echo two; echo three >&2");
        await Docker.GetAsync("wait", _name);

        var all = await Docker.RunAsync("logs", _name);
        var last = await Docker.RunAsync("logs", "--tail", "1", _name);
        var timed = await Docker.RunAsync("logs", "--timestamps", _name);

        Assert.Equal(("one\ntwo\n", "three\n"), (all.Output, all.Error));
        Assert.Equal(("", "three\n"), (last.Output, last.Error));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z one\n", timed.Output);
        Assert.Equal("", await Docker.GetAsync("logs", "--until", "1h", _name));
    }

    [Fact]
    public async Task Logs_Follow_EndsWithTheContainer()
    {
        await Docker.GetAsync("run", "--detach", "--name", _name, "busybox", "sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.3; done");

        var followed = await Docker.RunAsync("logs", "--follow", _name);

        Assert.Equal("1\n2\n3\n", followed.Output);
    }

    [Fact]
    public async Task Exec_CodeStreamsAndInput_AreTheProcesses()
    {
        await StartSleepingAsync();

        var plain = await Docker.RunAsync("exec", "--env", "A=b", "--workdir", "/tmp", _name, "sh", "-c", "echo $A; pwd >&2; exit 3");
        var piped = await Docker.RunWithInputAsync("some input", "exec", "--interactive", _name, "sh", "-c", "cat; echo .");
        var missing = await Docker.RunAsync("exec", _name, "no-such-program");

        Assert.Equal((3, "b\n", "/tmp\n"), (plain.ExitCode, plain.Output, plain.Error));
        Assert.Equal((0, "some input.\n"), (piped.ExitCode, piped.Output));
        Assert.Equal(127, missing.ExitCode);
        Assert.Contains("executable file not found", missing.Output);
    }

    [Fact]
    public async Task Exec_OnATerminal_IsInteractive()
    {
        await StartSleepingAsync();

        var result = await Docker.RunOnTerminalAsync(
            "test -t 0 && echo ter''minal; exit 4\n", "exec", "--interactive", "--tty", _name, "sh");

        Assert.Equal(4, result.ExitCode);
        Assert.Contains("terminal\r\n", result.Output);
    }

    [Fact]
    public async Task Exec_NotRunning_IsRefused()
    {
        await Docker.GetAsync("create", "--name", _name, "busybox");

        var result = await Docker.RunAsync("exec", _name, "true");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("is not running", result.Error);
    }

    [Fact]
    public async Task TopStatsAndInspect_Running_TellOfIt()
    {
        await StartSleepingAsync();

        Assert.Contains("sleep 1000", await Docker.GetAsync("top", _name));
        Assert.Matches(@"^\d+\.\d\d% \d", await Docker.GetAsync("stats", "--no-stream", "--format", "{{.CPUPerc}} {{.MemUsage}}", _name));
        Assert.Contains(_name, await Docker.GetAsync("stats", "--no-stream", "--format", "{{.Name}}"));
        var inspected = JsonNode.Parse(await Docker.GetAsync("inspect", _name))![0]!;
        Assert.Equal($"/{_name}", (string)inspected["Name"]!);
        Assert.Matches(@"^\d+\.\d+\.\d+\.\d+$", (string)inspected["NetworkSettings"]!["Networks"]!["bridge"]!["IPAddress"]!);
    }

    [Fact]
    public async Task Port_Published_IsTheChosenOne()
    {
        await Docker.GetAsync("run", "--detach", "--name", _name, "--publish", "127.0.0.1::80", "busybox", "sleep", "1000");

        Assert.Matches(@"^127\.0\.0\.1:\d+$", await Docker.GetAsync("port", _name, "80/tcp"));
        Assert.Matches(@"127\.0\.0\.1:\d+->80/tcp", await Docker.GetAsync("ps", "--filter", $"name={_name}", "--format", "{{.Ports}}"));
    }

    [Fact]
    public async Task Run_InAnothersNetwork_SharesItsAddress()
    {
        await StartSleepingAsync();

        var own = await Docker.GetAsync("inspect", "--format", "{{.NetworkSettings.IPAddress}}", _name);
        var shared = await Docker.GetAsync("run", "--rm", "--network", $"container:{_name}", "busybox", "ip", "-4", "addr");

        Assert.Contains($"inet {own}/", shared);
    }

    [Fact]
    public async Task Attach_OutputOnly_SeesWhatComes()
    {
        await Docker.GetAsync("create", "--name", _name, "busybox", "sh", "-c", "echo attached; exit 6");

        var result = await Docker.RunAsync("start", "--attach", _name);

        Assert.Equal((6, "attached\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Events_OfALife_AreToldWhileTheyHappen()
    {
        using var events = Docker.Start("docker", ["events", "--filter", $"container={_name}", "--format", "{{.Action}}"]);
        await StartSleepingUntilSeenAsync(events);
        await Docker.GetAsync("kill", _name);
        var seen = new List<string?>();
        while (seen is not [.., "die"])
        {
            seen.Add(await events.StandardOutput.ReadLineAsync().WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(20))));
        }

        events.Kill();
        await events.WaitForExitAsync();
        Assert.Contains("start", seen);
        Assert.Contains("kill", seen);
    }

    private async Task StartSleepingUntilSeenAsync(Process events)
    {
        // The CLI says not when it listens: creations are repeated until it has told of one.
        var first = events.StandardOutput.ReadLineAsync();
        while (!first.IsCompleted)
        {
            await Docker.RunAsync("rm", "--force", _name);
            await Docker.GetAsync("create", "--name", _name, "busybox", "sleep", "1000");
            await Task.WhenAny(first, Task.Delay(TimeSpan.FromMilliseconds(500)));
        }

        await Docker.GetAsync("start", _name);
    }

    private Task<string> StartSleepingAsync() => Docker.GetAsync("run", "--detach", "--name", _name, "busybox", "sleep", "1000");

    private Task<string> StatusAsync() => Docker.GetAsync("ps", "--all", "--filter", $"name=^/{_name}$", "--format", "{{.Status}}");
}
