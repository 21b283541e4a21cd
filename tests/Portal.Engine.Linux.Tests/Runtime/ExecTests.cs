using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Tests.Runtime;

public sealed class ExecTests : IAsyncLifetime
{
    private RuntimeBench _bench = null!;
    private string _id = "";

    public async Task InitializeAsync()
    {
        _bench = await RuntimeBench.CreateAsync();
        _id = await _bench.StartAsync(_bench.Describe("sleep", "1000"));
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Exec_Shell_GivesStreamsAndCode()
    {
        var result = await _bench.ExecAsync(_bench.DescribeExec(_id, "sh", "-c", "echo out; echo err >&2; exit 3"));

        Assert.Equal((3, "out\n", "err\n"), result);
    }

    [Fact]
    public async Task Exec_ManyShortOnes_LoseNoOutputAndNoCode()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            i => _bench.ExecAsync(_bench.DescribeExec(_id, "sh", "-c", $"echo {i}; exit {i}"))));

        Assert.Equal(Enumerable.Range(0, 12).Select(i => (i, $"{i}\n", "")), results);
    }

    [Fact]
    public async Task Exec_Stdin_HalfCloseEndsTheInput()
    {
        var process = await _bench.Runtime.ExecAsync(_bench.DescribeExec(_id, "sh", "-c", "cat; echo after") with { OpenStdin = true });
        await using var streams = process.Streams!;
        await streams.WriteAsync("hello "u8.ToArray());

        await streams.CloseInputAsync();

        Assert.Equal("hello after\n", (await RuntimeBench.ReadAllAsync(streams)).Output);
    }

    [Fact]
    public async Task Exec_Score_IsTheContainers()
    {
        var id = await _bench.StartAsync(_bench.Describe("sleep", "1000") with { OomScoreAdj = 300 });
        var process = await _bench.Runtime.ExecAsync(_bench.DescribeExec(id, "sleep", "1000") with { Detach = true });

        Assert.Equal("300", File.ReadAllText($"/proc/{process.ProcessId}/oom_score_adj").Trim());
    }

    [Fact]
    public async Task Exec_NoStdin_ReadsEndOfFile()
    {
        Assert.Equal((0, "", ""), await _bench.ExecAsync(_bench.DescribeExec(_id, "cat")));
    }

    [Fact]
    public async Task Exec_Terminal_HasFirstSizeAndResizes()
    {
        var exec = _bench.DescribeExec(_id, "sh");
        exec = exec with
        {
            OpenStdin = true,
            Process = exec.Process with { Terminal = true, Size = new TerminalSize(90, 30) },
        };
        var process = await _bench.Runtime.ExecAsync(exec);
        await using var streams = process.Streams!;
        await streams.WriteAsync("stty size; echo en''d\n"u8.ToArray());
        Assert.Contains("30 90", await RuntimeBench.ReadUntilAsync(streams, "end"));

        await _bench.Runtime.ResizeExecAsync(_id, exec.ExecId, new TerminalSize(70, 20));
        await streams.WriteAsync("while [ \"$(stty size)\" != '20 70' ]; do sleep 0.01; done; echo resi''zed; exit 5\n"u8.ToArray());
        await RuntimeBench.ReadUntilAsync(streams, "resized");

        Assert.Equal(5, (await _bench.WaitAsync(_id, exec.ExecId)).ExitCode);
    }

    [Fact]
    public async Task Exec_ShortProgramInATerminal_LosesNoOutput()
    {
        for (var i = 0; i < 5; i++)
        {
            var exec = _bench.DescribeExec(_id, "echo", "hello");
            var result = await _bench.ExecAsync(exec with { Process = exec.Process with { Terminal = true } });

            Assert.Equal((0, "hello\r\n", ""), result);
        }
    }

    [Fact]
    public async Task Exec_Detached_RunsAndReportsItsEnd()
    {
        var exec = _bench.DescribeExec(_id, "sh", "-c", "exit 4") with { Detach = true };

        var process = await _bench.Runtime.ExecAsync(exec);

        Assert.Null(process.Streams);
        Assert.Equal(4, (await _bench.WaitAsync(_id, exec.ExecId)).ExitCode);
        await _bench.Runtime.DeleteExecAsync(_id, exec.ExecId);
        await _bench.Runtime.DeleteExecAsync(_id, exec.ExecId);
    }

    [Theory]
    [InlineData("nosuch", "executable file not found in $PATH")]
    [InlineData("/etc/passwd", "permission denied")]
    [InlineData("/nowhere/x", "no such file or directory")]
    public async Task Exec_ProgramCannotRun_SaysSoAsDockerDoes(string program, string words)
    {
        var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.ExecAsync(_bench.DescribeExec(_id, program)));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.StartsWith("OCI runtime exec failed: ", failure.Message);
        Assert.Contains(words, failure.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_bench.RunRoot, "c", _id, "e")));
    }

    [Theory]
    [InlineData("", "uid=0(root) gid=0(root) groups=0(root)", "/root")]
    [InlineData("ann", "uid=1000(ann) gid=1001(ann) groups=1001(ann),29(audio)", "/home/ann")]
    [InlineData("1000", "uid=1000(ann) gid=1001(ann) groups=1001(ann),29(audio)", "/home/ann")]
    [InlineData("ann:audio", "uid=1000(ann) gid=29(audio) groups=29(audio)", "/home/ann")]
    [InlineData("4711:4712", "uid=4711 gid=4712 groups=4712", "/")]
    [InlineData("4711", "uid=4711 gid=0(root) groups=0(root)", "/")]
    public async Task Exec_User_IsLookedUpInTheContainer(string user, string ids, string home)
    {
        var exec = _bench.DescribeExec(_id, "sh", "-c", "id; echo $HOME");
        var (_, output, _) = await _bench.ExecAsync(exec with { Process = exec.Process with { User = user } });

        var words = output.Split('\n')[0].Split(' ');
        Assert.Equal(ids, $"{words[0]} {words[1]} groups={string.Join(',', words[2]["groups=".Length..].Split(',').Order())}");
        Assert.Equal(home, output.Split('\n')[1]);
    }

    [Fact]
    public async Task Exec_UnknownUser_IsRefused()
    {
        var exec = _bench.DescribeExec(_id, "id");

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => _bench.Runtime.ExecAsync(exec with { Process = exec.Process with { User = "nobody-here" } }));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Equal("unable to find user nobody-here: no matching entries in passwd file", failure.Message);
    }

    [Fact]
    public async Task Exec_EndedContainer_IsAConflict()
    {
        var id = (await _bench.RunAsync(_bench.Describe("true"))).Exit.ContainerId;

        var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.ExecAsync(_bench.DescribeExec(id, "true")));

        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
    }

    [Fact]
    public async Task Exec_ContainerEnds_ExecEndsToo()
    {
        var exec = _bench.DescribeExec(_id, "sleep", "1000");
        var process = await _bench.Runtime.ExecAsync(exec);
        await using var streams = process.Streams!;

        await _bench.Runtime.KillAsync(_id, 9);

        Assert.Equal(137, (await _bench.WaitAsync(_id, exec.ExecId)).ExitCode);
        Assert.Null(await streams.ReadAsync());
    }
}
