using System.Text;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Tests.Runtime;

public sealed class StreamTests : IAsyncLifetime
{
    private RuntimeBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RuntimeBench.CreateAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Attach_BeforeStart_MissesNothingAndKeepsStreamsApart()
    {
        var container = _bench.DescribeShell("echo out; echo err >&2");
        await _bench.Runtime.CreateAsync(container);
        await using var streams = await _bench.Runtime.AttachAsync(container.Id);

        await _bench.Runtime.StartAsync(container.Id);

        Assert.Equal(("out\n", "err\n"), await RuntimeBench.ReadAllAsync(streams));
    }

    [Fact]
    public async Task Attach_StdinOnce_EndOfInputReachesTheProgram()
    {
        var container = _bench.Describe("cat") with { OpenStdin = true, StdinOnce = true };
        await _bench.Runtime.CreateAsync(container);
        await using var streams = await _bench.Runtime.AttachAsync(container.Id);
        await _bench.Runtime.StartAsync(container.Id);

        // Larger than pipe and socket buffers together, so both directions must flow.
        var input = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i}\n")));
        var reading = RuntimeBench.ReadAllAsync(streams);
        await streams.WriteAsync(input);
        await streams.CloseInputAsync();

        Assert.Equal(Encoding.ASCII.GetString(input), (await reading).Output);
        Assert.Equal(0, (await _bench.WaitAsync(container.Id)).ExitCode);
    }

    [Fact]
    public async Task Attach_SeveralClientsAndOpenStdin_AllSeeOutputAndInputStaysOpen()
    {
        var container = _bench.Describe("cat") with { OpenStdin = true };
        await _bench.StartAsync(container);
        await using var second = await _bench.Runtime.AttachAsync(container.Id);
        await using (var first = await _bench.Runtime.AttachAsync(container.Id))
        {
            await first.WriteAsync("one\n"u8.ToArray());
            await RuntimeBench.ReadUntilAsync(first, "one\n");
            await RuntimeBench.ReadUntilAsync(second, "one\n");
            await first.CloseInputAsync();
        }

        await second.WriteAsync("two\n"u8.ToArray());

        await RuntimeBench.ReadUntilAsync(second, "two\n");
    }

    [Fact]
    public async Task Attach_ThroughAnotherEngine_Works()
    {
        var container = _bench.Describe("cat") with { OpenStdin = true };
        await _bench.StartAsync(container);
        await using var streams = await _bench.NewRuntime().AttachAsync(container.Id);

        await streams.WriteAsync("hello\n"u8.ToArray());

        await RuntimeBench.ReadUntilAsync(streams, "hello\n");
    }

    [Fact]
    public async Task Attach_Terminal_HasFirstSizeEchoesAndResizes()
    {
        var container = _bench.Describe("sh") with { OpenStdin = true };
        container = container with
        {
            Process = container.Process with { Terminal = true, Size = new TerminalSize(101, 33) },
        };
        await _bench.Runtime.CreateAsync(container);
        await using var streams = await _bench.Runtime.AttachAsync(container.Id);
        await _bench.Runtime.StartAsync(container.Id);

        Assert.True(streams.IsTerminal);
        await streams.WriteAsync("stty size; tty\n"u8.ToArray());
        var output = await RuntimeBench.ReadUntilAsync(streams, "/dev/");
        Assert.Contains("33 101", output);
        Assert.Contains("stty size; tty", output);

        await _bench.Runtime.ResizeAsync(container.Id, new TerminalSize(120, 40));
        await streams.WriteAsync("while [ \"$(stty size)\" != '40 120' ]; do sleep 0.01; done; echo resi''zed\n"u8.ToArray());
        await RuntimeBench.ReadUntilAsync(streams, "resized");

        await streams.WriteAsync("sleep 1000\n"u8.ToArray());
        await RuntimeBench.UntilAsync(
            () => _bench.Runtime.ListProcessesAsync(container.Id).Result.Any(IsSleep), "the program in the terminal runs");
        await streams.WriteAsync(new byte[] { 3 });
        await RuntimeBench.UntilAsync(
            () => _bench.Runtime.ListProcessesAsync(container.Id).Result.Count == 1, "Ctrl-C has ended it");
        await streams.WriteAsync("exit 9\n"u8.ToArray());
        Assert.Equal(9, (await _bench.WaitAsync(container.Id)).ExitCode);
    }

    [Fact]
    public async Task Attach_EndedContainer_IsAConflict()
    {
        var container = _bench.Describe("true");
        await _bench.RunAsync(container);
        await RuntimeBench.UntilAsync(() => !MonitorRuns(container.Id), "the monitor is gone");

        var failure = await Assert.ThrowsAsync<EngineException>(() => _bench.Runtime.AttachAsync(container.Id));

        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
    }

    [Fact]
    public async Task Write_AfterTheEnd_Throws()
    {
        var container = _bench.Describe("true") with { OpenStdin = true };
        await _bench.Runtime.CreateAsync(container);
        await using var streams = await _bench.Runtime.AttachAsync(container.Id);
        await _bench.Runtime.StartAsync(container.Id);
        await RuntimeBench.ReadAllAsync(streams);

        await Assert.ThrowsAsync<IOException>(async () => await streams.WriteAsync("x"u8.ToArray()));
    }

    [Fact]
    public async Task ReopenLog_FastWriter_LosesNoLine()
    {
        const int Rotations = 20;
        var container = _bench.DescribeShell(
            "trap 'enough=1' TERM; i=0; while [ -z \"$enough\" ]; do echo line $i; i=$((i+1)); done; echo lines $i");
        await _bench.StartAsync(container);
        await RuntimeBench.UntilAsync(() => new FileInfo(container.LogPath) is { Exists: true, Length: > 0 }, "it writes");
        var rotated = new List<string>();
        for (var rotation = 0; rotation < Rotations; rotation++)
        {
            var name = $"{container.LogPath}.{rotation}";
            File.Move(container.LogPath, name);
            rotated.Add(name);
            await _bench.Runtime.ReopenLogAsync(container.Id);

            // A second call, as by an engine that died in between, must not cost what is in the new file.
            await _bench.Runtime.ReopenLogAsync(container.Id);
        }

        await _bench.Runtime.KillAsync(container.Id, 15);
        await _bench.WaitAsync(container.Id);
        var files = rotated.Append(container.LogPath);
        var output = string.Concat(files.Select(file => RuntimeBench.ParseLog(File.ReadAllText(file))));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > Rotations, $"It wrote only {lines.Length} lines.");
        Assert.Equal($"lines {lines.Length - 1}", lines[^1]);
        Assert.Equal(Enumerable.Range(0, lines.Length - 1).Select(i => $"line {i}"), lines[..^1]);
    }

    private static bool IsSleep(int processId)
    {
        return File.Exists($"/proc/{processId}/comm") && File.ReadAllText($"/proc/{processId}/cmdline").StartsWith("sleep\0");
    }

    private bool MonitorRuns(string id)
    {
        var processId = int.Parse(File.ReadAllText(Path.Combine(_bench.RunRoot, "c", id, "monitor")));
        return File.Exists($"/proc/{processId}/cmdline") && File.ReadAllText($"/proc/{processId}/cmdline").Contains(id);
    }
}
