using System.Text;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Containers;

/// <summary>Execs whose output is kept, which the next engine takes over.</summary>
public sealed class TakenExecTests : IAsyncLifetime
{
    private const string Wait = "until [ -e /tmp/go ]; do sleep 0.02; done";
    private static readonly TimeSpan s_patience = TestSettings.Within(TimeSpan.FromSeconds(20));
    private KernelEngine _engine = null!;
    private string _container = null!;

    public async Task InitializeAsync()
    {
        _engine = await KernelEngine.StartAsync();
        _container = await _engine.RunAsync("mkdir -p /tmp; sleep 1000");
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task TakeOver_ShellThatRuns_GoesOnWhereItWasWithAllItSaidMeanwhile()
    {
        var (id, streams) = await StartAsync("stty -echo; echo before; " + Wait + "; echo meanwhile; read y; exit $y");
        var before = await ReadUntilAsync(streams, "before\r\n");
        await EndAsync(id, streams);
        await _engine.BeginAsync();

        var taken = await _engine.Execs.TakeOverAsync(_container, id);

        Assert.NotNull(taken);
        Assert.Equal(0, taken.Start);
        Assert.Equal("sh", taken.Command[0]);
        Assert.StartsWith(before, Text(taken.Kept));
        var all = Text(taken.Kept);
        all += all.Contains("meanwhile") ? "" : await ReadUntilAsync(taken.Streams, "meanwhile\r\n");
        Assert.Equal("before\r\nmeanwhile\r\n", all);
        Assert.True((await _engine.Execs.InspectAsync(id)).Running);
        await _engine.Execs.ResizeAsync(id, new TerminalSize(101, 31));
        await taken.Streams.WriteAsync("7\n"u8.ToArray());
        Assert.Equal(7, await _engine.Execs.WaitAsync(id).WaitAsync(s_patience));
        Assert.Null(await taken.Streams.ReadAsync());
        Assert.Empty(_engine.Execs.ListLeft());
    }

    [Fact]
    public async Task TakeOver_EndedWhileNoEngineWasThere_GivesItsLastWordsAndItsExitCode()
    {
        var (id, streams) = await StartAsync($"stty -echo; echo ready; {Wait}; echo last words; exit 9");
        await ReadUntilAsync(streams, "ready\r\n");
        await EndAsync(id, streams);
        var exit = Path.Combine(_engine.Instance.RunRoot, "c", _container, "e", id, "exit");
        await Eventually.HoldsAsync(() => File.Exists(exit), "the monitor writes the end down");
        await _engine.BeginAsync();
        await Eventually.HoldsAsync(() => _engine.Execs.ListLeft().Contains((_container, id)), "it is left until somebody takes it");

        var taken = await _engine.Execs.TakeOverAsync(_container, id);

        Assert.Equal("ready\r\nlast words\r\n", Text(taken!.Kept));
        Assert.Null(await taken.Streams.ReadAsync());
        Assert.Equal(9, await _engine.Execs.WaitAsync(id).WaitAsync(s_patience));
        await Eventually.HoldsAsync(() => !Directory.Exists(Path.GetDirectoryName(exit)), "nothing of it stays");
        await Assert.ThrowsAsync<IOException>(async () => await taken.Streams.WriteAsync("x"u8.ToArray()));
    }

    [Fact]
    public async Task TakeOver_MoreThanIsKept_GivesTheNewestAtItsPosition()
    {
        const int Lines = 300_000;
        var (id, streams) = await StartAsync($"stty -echo; seq 1 {Lines}; echo done; read x");
        using var patience = new CancellationTokenSource(s_patience);
        var (position, last) = (0L, "");
        while (!last.EndsWith("done\r\n", StringComparison.Ordinal))
        {
            var chunk = await streams.ReadAsync(patience.Token);
            position += chunk!.Value.Data.Length;
            last = Tail(last + Text(chunk.Value.Data));
        }

        await streams.DisposeAsync();
        await _engine.RestartAsync();
        var taken = await _engine.Execs.TakeOverAsync(_container, id);

        Assert.InRange(taken!.Kept.Length, 512 * 1024, 1024 * 1024);
        Assert.Equal(position, taken.Start + taken.Kept.Length);
        var whole = string.Concat(Enumerable.Range(1, Lines).Select(line => line + "\r\n")) + "done\r\n";
        Assert.Equal(whole[(int)taken.Start..], Text(taken.Kept));
        Assert.InRange(SizeOnDisk(id), 1024 * 1024, 9 * 1024 * 1024);
    }

    [Fact]
    public async Task TakeOver_ChattyWhileNoEngineWasThere_SaysWhereItGoesOn()
    {
        var (id, streams) = await StartAsync($"stty -echo; echo ready; {Wait}; seq 1 900000; echo done; read x");
        var position = (await ReadUntilAsync(streams, "ready\r\n")).Length;
        await EndAsync(id, streams);
        var output = Path.Combine(_engine.Instance.RunRoot, "c", _container, "e", id, "output");
        await Eventually.HoldsAsync(() => File.ReadAllText(output).Contains(" done\r\n"), "all of it is said");
        await _engine.BeginAsync();

        var taken = await _engine.Execs.TakeOverAsync(_container, id);

        Assert.True(taken!.Start > position, $"a gap is seen by its position, {taken.Start}");
        Assert.EndsWith("900000\r\ndone\r\n", Text(taken.Kept));
        await taken.Streams.WriteAsync("\n"u8.ToArray());
        Assert.Null(await taken.Streams.ReadAsync());
    }

    [Fact]
    public async Task TakeOver_GoneOrNotKept_IsNull()
    {
        var plain = await _engine.Execs.CreateAsync(_container, new ExecSpec { Command = ["sleep", "1000"], Tty = true });
        await _engine.Execs.StartAsync(plain);
        await _engine.RestartAsync();

        Assert.Empty(_engine.Execs.ListLeft());
        Assert.Null(await _engine.Execs.TakeOverAsync(_container, plain));
        Assert.Null(await _engine.Execs.TakeOverAsync(_container, new string('a', 64)));
        await Assert.ThrowsAsync<EngineException>(() => _engine.Execs.TakeOverAsync(new string('b', 64), plain));
    }

    [Fact]
    public async Task Create_KeptWithoutTerminal_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<EngineException>(
            () => _engine.Execs.CreateAsync(_container, new ExecSpec { Command = ["true"], KeepOutput = true }));
        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
    }

    private async Task<(string Id, IProcessStreams Streams)> StartAsync(string script)
    {
        var spec = new ExecSpec { Command = ["sh", "-c", script], Tty = true, OpenStdin = true, KeepOutput = true };
        var id = await _engine.Execs.CreateAsync(_container, spec);
        return (id, (await _engine.Execs.StartAsync(id))!);
    }

    // As when its process ends: the connection goes with it. What waits goes on then.
    private async Task EndAsync(string id, IProcessStreams streams)
    {
        var process = (await _engine.Execs.InspectAsync(id)).ProcessId;
        await streams.DisposeAsync();
        await _engine.EndAsync();
        await File.WriteAllTextAsync($"/proc/{process}/root/tmp/go", "");
    }

    private long SizeOnDisk(string id) =>
        new DirectoryInfo(Path.Combine(_engine.Instance.RunRoot, "c", _container, "e", id)).EnumerateFiles("output-*")
            .Sum(file => file.Length);

    private static async Task<string> ReadUntilAsync(IProcessStreams streams, string end)
    {
        using var patience = new CancellationTokenSource(s_patience);
        var text = "";
        while (!text.EndsWith(end, StringComparison.Ordinal))
        {
            text += Text((await streams.ReadAsync(patience.Token))!.Value.Data);
        }

        return text;
    }

    private static string Text(ReadOnlyMemory<byte> data) => Encoding.UTF8.GetString(data.Span);

    private static string Tail(string text) => text.Length > 100 ? text[^100..] : text;
}
