using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Tests.Runtime;

public sealed class LifeTests : IAsyncLifetime
{
    private RuntimeBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RuntimeBench.CreateAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 1", 1)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -9 $$", 137)]
    public async Task Run_ProgramEnds_ReportsItsCode(string script, int code)
    {
        // A shell as process 1 can't be killed by itself, so the script runs in its child.
        var (exit, _) = await _bench.RunAsync(_bench.DescribeShell($"sh -c '{script}'; exit $?"));

        Assert.Equal(code, exit.ExitCode);
        Assert.False(exit.OutOfMemory);
        Assert.InRange(exit.FinishedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task Run_ProgramWrites_LogHasBothStreams()
    {
        var container = _bench.DescribeShell("echo out; echo err >&2; printf partial");

        await _bench.RunAsync(container);

        var lines = File.ReadAllLines(container.LogPath);
        Assert.Contains(lines, line => line.EndsWith(" stdout F out", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith(" stderr F err", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith(" stdout P partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Status_StepByStep_TellsEachState()
    {
        var container = _bench.Describe("sleep", "1000");
        var runtime = _bench.Runtime;
        Assert.Equal(RuntimeState.Absent, (await runtime.GetStatusAsync(container.Id)).State);

        var processId = await runtime.CreateAsync(container);
        Assert.Equal(new RuntimeStatus(RuntimeState.Created, processId, null), await runtime.GetStatusAsync(container.Id));

        await runtime.StartAsync(container.Id);
        Assert.Equal(new RuntimeStatus(RuntimeState.Running, processId, null), await runtime.GetStatusAsync(container.Id));
        Assert.Equal([processId], await runtime.ListProcessesAsync(container.Id));

        await runtime.PauseAsync(container.Id);
        Assert.Equal(RuntimeState.Paused, (await runtime.GetStatusAsync(container.Id)).State);

        await runtime.ResumeAsync(container.Id);
        Assert.Equal(RuntimeState.Running, (await runtime.GetStatusAsync(container.Id)).State);

        await runtime.KillAsync(container.Id, 9);
        var exit = await _bench.WaitAsync(container.Id);
        Assert.Equal(new RuntimeStatus(RuntimeState.Stopped, 0, exit), await runtime.GetStatusAsync(container.Id));
        Assert.Equal(137, exit.ExitCode);

        await runtime.KillAsync(container.Id, 9);
        await runtime.DeleteAsync(container.Id);
        await runtime.DeleteAsync(container.Id);
        Assert.Equal(RuntimeState.Absent, (await runtime.GetStatusAsync(container.Id)).State);
        Assert.True(File.Exists(container.LogPath));
    }

    [Fact]
    public async Task Kill_CatchableSignal_ReachesTheProgram()
    {
        var container = _bench.DescribeShell("trap 'echo caught; exit 7' TERM; echo ready; while :; do sleep 0.01; done");
        await _bench.StartAsync(container);
        await RuntimeBench.UntilAsync(() => _bench.ReadLog(container.Id).Contains("ready"), "the trap is set");

        await _bench.Runtime.KillAsync(container.Id, 15);

        Assert.Equal(7, (await _bench.WaitAsync(container.Id)).ExitCode);
        Assert.Equal("ready\ncaught\n", _bench.ReadLog(container.Id));
    }

    [Theory]
    [InlineData("nosuch", "exec: \"nosuch\": executable file not found in $PATH")]
    [InlineData("/etc/passwd", "permission denied")]
    [InlineData("/nowhere/x", "no such file or directory")]
    public async Task Create_ProgramCannotRun_SaysSoAsDockerDoesAndLeavesNothing(string program, string words)
    {
        var container = _bench.Describe(program);

        var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.CreateAsync(container));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.StartsWith(
            "failed to create task for container: failed to create shim task: OCI runtime create failed: ", failure.Message);
        Assert.Contains(words, failure.Message);
        Assert.EndsWith(": unknown", failure.Message);
        Assert.Equal(RuntimeState.Absent, (await _bench.Runtime.GetStatusAsync(container.Id)).State);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_bench.RunRoot, "oci")));
        Assert.False(Directory.Exists($"/sys/fs/cgroup/pids/{_bench.Name}/{container.Id}"));
    }

    [Fact]
    public async Task Delete_RunningContainerWithManyProcesses_EndsThemAll()
    {
        var container = _bench.DescribeShell("for i in 1 2 3 4 5; do (setsid sleep 1000 &) ; done; sleep 1000");
        await _bench.StartAsync(container);
        await RuntimeBench.UntilAsync(
            () => _bench.Runtime.ListProcessesAsync(container.Id).Result.Count >= 6, "all processes run");

        await _bench.Runtime.DeleteAsync(container.Id);

        Assert.Empty(await _bench.Runtime.ListProcessesAsync(container.Id));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_bench.RunRoot, "c")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_bench.RunRoot, "oci")));
    }

    [Fact]
    public async Task Create_RunningContainer_IsAConflict()
    {
        var container = _bench.Describe("sleep", "1000");
        await _bench.StartAsync(container);

        var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.CreateAsync(container));

        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
        Assert.Equal(RuntimeState.Running, (await _bench.Runtime.GetStatusAsync(container.Id)).State);
    }

    [Fact]
    public async Task Create_AfterItsEnd_RunsAgainAndAppendsToTheLog()
    {
        var container = _bench.DescribeShell("echo once");
        await _bench.RunAsync(container);
        await _bench.Runtime.DeleteAsync(container.Id);

        await _bench.RunAsync(container);

        Assert.Equal("once\nonce\n", _bench.ReadLog(container.Id));
    }

    [Fact]
    public async Task GetInfo_ThisHost_NamesRuntimeAndMonitor()
    {
        var info = await _bench.Runtime.GetInfoAsync();

        Assert.Contains(info.Name, new[] { "runc", "crun" });
        Assert.Matches(@"^\d+\.\d+", info.Version);
        Assert.Matches(@"^\d+\.\d+", info.MonitorVersion);
        Assert.Equal(File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "2" : "1", info.CgroupVersion);
    }
}
