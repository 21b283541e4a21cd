using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Runtime;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Runtime;

/// <summary>What holds when the engine goes away and comes back.</summary>
public sealed class SurvivalTests : IAsyncLifetime
{
    private RuntimeBench _bench = null!;

    public async Task InitializeAsync() => _bench = await RuntimeBench.CreateAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task WatchExits_EndedWhileNobodyWatched_IsReportedByTheNextEngineUntilDeleted()
    {
        var container = _bench.DescribeShell("exit 42");
        await _bench.StartAsync(container);
        await RuntimeBench.UntilAsync(
            () => File.Exists(Path.Combine(_bench.RunRoot, "c", container.Id, "exit")), "the monitor wrote the end down");

        var first = await _bench.WaitAsync(container.Id, runtime: _bench.NewRuntime());
        var second = await _bench.WaitAsync(container.Id, runtime: _bench.NewRuntime());

        Assert.Equal(42, first.ExitCode);
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task WatchExits_StartedByAnEarlierEngine_IsReportedToTheNextAsItComes()
    {
        var container = _bench.DescribeShell("read x; exit 5") with { OpenStdin = true };
        await _bench.StartAsync(container);
        var exec = _bench.DescribeExec(container.Id, "sh", "-c", "read x; exit 6") with { OpenStdin = true };
        var process = await _bench.Runtime.ExecAsync(exec);
        var next = _bench.NewRuntime();
        var waits = Task.WhenAll(
            _bench.WaitAsync(container.Id, runtime: next), _bench.WaitAsync(container.Id, exec.ExecId, next));

        await process.Streams!.WriteAsync("\n"u8.ToArray());
        await RuntimeBench.ReadAllAsync(process.Streams);
        await using (var streams = await next.AttachAsync(container.Id))
        {
            await streams.WriteAsync("\n"u8.ToArray());
            await RuntimeBench.ReadAllAsync(streams);
        }

        Assert.Equal([5, 6], (await waits).Select(exit => exit.ExitCode));
        await process.Streams.DisposeAsync();
    }

    [Fact]
    public async Task WatchExits_TwoWatchers_BothHearOfEachEndOnce()
    {
        using var stop = new CancellationTokenSource(RuntimeBench.Patience);
        var heard = new List<string>[] { [], [] };
        var watchers = heard.Select(list => Task.Run(async () =>
        {
            await foreach (var exit in _bench.Runtime.WatchExitsAsync(stop.Token))
            {
                lock (list)
                {
                    list.Add(exit.ContainerId);
                }
            }
        })).ToArray();
        var containers = Enumerable.Range(0, 6).Select(_ => _bench.Describe("true")).ToList();

        await Task.WhenAll(containers.Select(_bench.StartAsync));

        await RuntimeBench.UntilAsync(() => heard.All(list => Count(list) >= 6), "both watchers heard of all");
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(watchers));
        Assert.All(heard, list => Assert.Equal(containers.Select(container => container.Id).Order(), list.Order()));
    }

    [Fact]
    public async Task Monitor_AfterStart_StandsOutsideOurSessionAndCgroup()
    {
        var container = _bench.Describe("sleep", "1000");
        var processId = await _bench.Runtime.CreateAsync(container);
        var monitor = int.Parse(File.ReadAllText(Path.Combine(_bench.RunRoot, "c", container.Id, "monitor")));

        Assert.NotEqual(Session(Environment.ProcessId), Session(monitor));
        Assert.NotEqual(Environment.ProcessId, Parent(monitor));
        Assert.Equal(monitor, Parent(processId));
        Assert.All(
            File.ReadAllLines($"/proc/{monitor}/cgroup").Where(IsMounted),
            line => Assert.EndsWith($":/{_bench.Name}/monitors", line));
        Assert.Contains(
            File.ReadAllLines($"/proc/{processId}/cgroup"), line => line.EndsWith($"/{_bench.Name}/{container.Id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Collect_UnknownContainer_LeavesNothingOfItAndSparesTheOthers()
    {
        var known = await _bench.StartAsync(_bench.Describe("sleep", "1000"));
        var unknown = await _bench.StartAsync(_bench.Describe("sleep", "1000"));
        await using var streams = (await _bench.Runtime.ExecAsync(_bench.DescribeExec(unknown, "sleep", "1000"))).Streams!;
        var monitor = int.Parse(File.ReadAllText(Path.Combine(_bench.RunRoot, "c", unknown, "monitor")));

        await _bench.NewRuntime().CollectAsync(new HashSet<string> { known });

        Assert.Equal(RuntimeState.Running, (await _bench.Runtime.GetStatusAsync(known)).State);
        Assert.Equal(RuntimeState.Absent, (await _bench.Runtime.GetStatusAsync(unknown)).State);
        Assert.All(CgroupMounts.Detect().Hierarchies, tree => Assert.False(Directory.Exists($"{tree.MountPoint}/{_bench.Name}/{unknown}")));
        Assert.Equal([known], Directory.GetDirectories(Path.Combine(_bench.RunRoot, "oci")).Select(Path.GetFileName));
        await RuntimeBench.UntilAsync(() => !File.Exists($"/proc/{monitor}/cmdline"), "the monitor is gone");
    }

    [Fact]
    public async Task Collect_ExecsThatWereNeverBegun_AreTakenAwayAndOthersStay()
    {
        var id = await _bench.StartAsync(_bench.Describe("sleep", "1000"));
        var running = _bench.DescribeExec(id, "sleep", "1000");
        await using var streams = (await _bench.Runtime.ExecAsync(running)).Streams!;
        var ended = _bench.DescribeExec(id, "true");
        await using var others = (await _bench.Runtime.ExecAsync(ended)).Streams!;
        await _bench.WaitAsync(id, ended.ExecId);
        var execs = Path.Combine(_bench.RunRoot, "c", id, "e");

        // As engines leave them that are killed before there is a monitor, and before it has a process; its number may be another's by now.
        Copy(Path.Combine(execs, running.ExecId), Path.Combine(execs, "without"), "process.json", "record.json");
        Copy(Path.Combine(execs, running.ExecId), Path.Combine(execs, "with"), "process.json", "record.json", "monitor");

        await _bench.NewRuntime().CollectAsync(new HashSet<string> { id });

        Assert.Equal(
            new[] { running.ExecId, ended.ExecId }.Order(), Directory.GetDirectories(execs).Select(path => Path.GetFileName(path)!).Order());
        Assert.Equal(2, (await _bench.Runtime.ListProcessesAsync(id)).Count);
    }

    [Fact]
    public async Task MonitorKilled_Container_IsKilledAndReported()
    {
        var id = await _bench.StartAsync(_bench.Describe("sleep", "1000"));
        var exec = _bench.DescribeExec(id, "sleep", "1000");
        await using var streams = (await _bench.Runtime.ExecAsync(exec)).Streams!;
        var ends = Task.WhenAll(_bench.WaitAsync(id), _bench.WaitAsync(id, exec.ExecId));

        await Tool.RunAsync("kill", "-9", File.ReadAllText(Path.Combine(_bench.RunRoot, "c", id, "e", exec.ExecId, "monitor")));
        await Tool.RunAsync("kill", "-9", File.ReadAllText(Path.Combine(_bench.RunRoot, "c", id, "monitor")));

        Assert.Equal([137, 137], (await ends).Select(end => end.ExitCode));
        Assert.Empty(await _bench.Runtime.ListProcessesAsync(id));
        Assert.Equal(RuntimeState.Stopped, (await _bench.Runtime.GetStatusAsync(id)).State);
    }

    [Fact]
    public async Task MonitorKilled_WhileNoEngineWatched_IsReportedByTheNext()
    {
        var id = await _bench.StartAsync(_bench.Describe("sleep", "1000"));
        await Tool.RunAsync("kill", "-9", File.ReadAllText(Path.Combine(_bench.RunRoot, "c", id, "monitor")));
        await _bench.WaitAsync(id);

        // As if no engine had been there to write the end down.
        File.Delete(Path.Combine(_bench.RunRoot, "c", id, "exit"));

        Assert.Equal(137, (await _bench.WaitAsync(id, runtime: _bench.NewRuntime())).ExitCode);
    }

    [Fact]
    public async Task Delete_PausedContainer_EndsIt()
    {
        var id = await _bench.StartAsync(_bench.Describe("sleep", "1000"));
        await _bench.Runtime.PauseAsync(id);

        await _bench.Runtime.DeleteAsync(id);

        Assert.Empty(await _bench.Runtime.ListProcessesAsync(id));
    }

    [Fact]
    public async Task Status_StartedMarkMissing_AsksTheRuntime()
    {
        // As if the engine had been killed between the start and the note of it.
        var id = await _bench.StartAsync(_bench.Describe("sleep", "1000"));
        File.Delete(Path.Combine(_bench.RunRoot, "c", id, "started"));

        Assert.Equal(RuntimeState.Running, (await _bench.Runtime.GetStatusAsync(id)).State);
    }

    [Fact]
    public async Task Delete_OnlyTheCgroupIsLeft_RemovesIt()
    {
        var id = await _bench.StartAsync(_bench.Describe("sleep", "1000"));
        Directory.Delete(Path.Combine(_bench.RunRoot, "oci", id), recursive: true);
        Directory.Delete(Path.Combine(_bench.RunRoot, "c", id), recursive: true);

        await _bench.Runtime.CollectAsync(new HashSet<string>());

        Assert.Empty(await _bench.Runtime.ListProcessesAsync(id));
        Assert.False(Directory.Exists($"/sys/fs/cgroup/pids/{_bench.Name}/{id}"));
    }

    // A version 2 tree is always listed, also where nobody has mounted it.
    private static bool IsMounted(string line)
    {
        return !line.StartsWith("0::", StringComparison.Ordinal) || CgroupMounts.Detect().Hierarchies.Any(tree => tree.Unified);
    }

    private static void Copy(string from, string to, params string[] files)
    {
        Directory.CreateDirectory(to);
        foreach (var file in files)
        {
            File.Copy(Path.Combine(from, file), Path.Combine(to, file));
        }
    }

    private static int Count(List<string> list)
    {
        lock (list)
        {
            return list.Count;
        }
    }

    private static int Parent(int processId) => StatField(processId, 1);

    private static int Session(int processId) => StatField(processId, 3);

    private static int StatField(int processId, int index)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[index]);
    }
}
