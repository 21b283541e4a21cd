namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class RunTests(EngineFixture engine)
{
    private DockerCli Docker => engine.Docker;

    [Fact]
    public async Task Run_Attached_ShowsBothStreamsApart()
    {
        var result = await Docker.RunAsync("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2");

        Assert.Equal((0, "out\n", "err\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData(0, "true")]
    [InlineData(1, "false")]
    [InlineData(42, "sh", "-c", "exit 42")]
    [InlineData(143, "sh", "-c", "kill -TERM $$; sleep 1; exit 143")]
    [InlineData(127, "no-such-program")]
    [InlineData(126, "/etc")]
    public async Task Run_AnyEnd_IsTheCliExitCode(int code, params string[] command)
    {
        var result = await Docker.RunAsync(["run", "--rm", "busybox", .. command]);

        Assert.True(code == result.ExitCode, $"{result.ExitCode}: {result.Error}");
    }

    [Theory]
    [InlineData("invalid restart policy", "--restart", "sometimes")]
    [InlineData("Conflict. The container name", "--name", "taken-name")]
    public async Task Run_RefusedByTheEngine_Is125AndLeavesNothing(string message, params string[] options)
    {
        await Docker.RunAsync("create", "--name", "taken-name", "busybox");
        var before = await Docker.GetAsync("ps", "--all", "--quiet");

        var result = await Docker.RunAsync(["run", .. options, "busybox", "true"]);

        Assert.Equal(125, result.ExitCode);
        Assert.Contains(message, result.Error);
        Assert.Equal(before, await Docker.GetAsync("ps", "--all", "--quiet"));
    }

    [Fact]
    public async Task Run_PipedInput_EndsWhenThePipeDoes()
    {
        var input = string.Concat(Enumerable.Range(0, 20_000).Select(number => $"line {number}\n"));

        var result = await Docker.RunWithInputAsync(input, "run", "--rm", "--interactive", "busybox", "sh", "-c", "cat; echo end");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(input.Length + 4, result.Output.Length);
        Assert.EndsWith("line 19999\nend\n", result.Output);
    }

    [Fact]
    public async Task Run_LongOutput_IsWhole()
    {
        var result = await Docker.RunAsync("run", "--rm", "busybox", "sh", "-c", "dd if=/dev/zero bs=1M count=20 2>/dev/null | tr '\\0' x");

        Assert.Equal((0, 20 * 1024 * 1024), (result.ExitCode, result.Output.Length));
    }

    [Fact]
    public async Task Run_OnATerminal_IsInteractive()
    {
        var result = await Docker.RunOnTerminalAsync(
            "test -t 0 && echo ter''minal; echo \"$TERM\"; exit 9\n", "run", "--rm", "--interactive", "--tty", "busybox", "sh");

        Assert.Equal(9, result.ExitCode);
        Assert.Contains("terminal\r\n", result.Output);
        Assert.Contains("xterm\r\n", result.Output);
    }

    [Fact]
    public async Task Run_DetachKeys_LeaveTheContainerRunning()
    {
        using var terminal = Docker.StartOnTerminal("run", "--interactive", "--tty", "--name", "detached", "busybox", "sleep", "1000");
        var deadline = TimeProvider.System.GetUtcNow().AddSeconds(30);
        while (await Docker.GetAsync("ps", "--quiet", "--filter", "name=detached") == "")
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, "the container does not start");
        }

        var result = await DockerCli.FinishAsync(terminal, "\u0010\u0011", endInput: false);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("detached", await Docker.GetAsync("ps", "--filter", "name=detached", "--format", "{{.Names}}"));
        await Docker.GetAsync("rm", "--force", "detached");
    }

    [Fact]
    public async Task Run_Removing_LeavesNothing()
    {
        await Docker.GetAsync("run", "--rm", "--name", "short", "busybox", "true");

        Assert.Equal("", await Docker.GetAsync("ps", "--all", "--quiet", "--filter", "name=^short$"));
    }

    [Fact]
    public async Task Run_Settings_ReachTheProcess()
    {
        var output = await Docker.GetAsync(
            "run", "--rm", "--hostname", "box", "--env", "A=b c", "--workdir", "/tmp", "--user", "65534", "--memory", "64m",
            "--volume", $"{engine.Instance.TempRoot}:/data:ro", "busybox", "sh", "-c", "hostname; echo $A; pwd; id -u; touch /data/x 2>&1; true");

        Assert.StartsWith("box\nb c\n/tmp\n65534\ntouch: /data/x: Read-only", output);
    }

    [Fact]
    public async Task Run_UnknownImage_IsLookedForAndRefused()
    {
        var result = await Docker.RunAsync("run", "localhost:1/no/such:image", "true");

        Assert.Equal(125, result.ExitCode);
        Assert.Contains("Unable to find image 'localhost:1/no/such:image' locally", result.Error);
    }
}
