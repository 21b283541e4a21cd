using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

public sealed class DiskFullTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TestSettings.Within(TimeSpan.FromSeconds(30));
    private static readonly EngineException s_full = new(EngineErrorKind.Unavailable, "The disk is full.");
    private FakeEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Exit_DiskFull_IsSeenAtOnceAndWrittenDownWhenThereIsRoom()
    {
        var id = await RunAsync();
        Fill();
        _engine.Runtime.End(id, 6);

        Assert.Equal(6, await _engine.Containers.WaitAsync(id).WaitAsync(s_patience));
        var seen = await _engine.Containers.InspectAsync(id);
        Assert.Equal((ContainerState.Exited, 6, 0), (seen.State, seen.ExitCode, seen.ProcessId));
        Assert.Equal(1, await DeathsAsync());
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromSeconds(1)), "it waits for room");
        Assert.Contains("\"running\"", State(id), StringComparison.OrdinalIgnoreCase);

        _engine.Files.OnWrite = _ => { };
        _engine.Time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(() => !_engine.Runtime.Known.Contains(id), "it is cleaned up after");
        Assert.Contains("\"exited\"", State(id), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, await DeathsAsync());
    }

    [Fact]
    public async Task Exit_DiskFullAndEngineGone_KeepsHowItEnded()
    {
        var id = await RunAsync();
        Fill();
        _engine.Runtime.End(id, 6);
        await _engine.Containers.WaitAsync(id).WaitAsync(s_patience);

        // Neither the engine's end nor a start that is refused may make the runtime forget it.
        await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.StartAsync(id));
        await _engine.EndAsync();
        _engine.Files.OnWrite = _ => { };
        await _engine.BeginAsync();

        var seen = await _engine.Containers.InspectAsync(id);
        Assert.Equal((ContainerState.Exited, 6), (seen.State, seen.ExitCode));
    }

    [Fact]
    public async Task Exit_DiskFullAndRenamedInBetween_IsCleanedUpAfter()
    {
        var id = await RunAsync();
        Fill();
        _engine.Runtime.End(id, 6);
        await _engine.Containers.WaitAsync(id).WaitAsync(s_patience);
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromSeconds(1)), "it waits for room");

        _engine.Files.OnWrite = _ => { };
        await _engine.Containers.RenameAsync(id, "renamed");
        _engine.Time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(() => !_engine.Runtime.Known.Contains(id), "it is cleaned up after");
    }

    [Fact]
    public async Task Exit_DiskFullWithPolicy_RunsAgainOnceThereIsRoom()
    {
        var id = await RunAsync(spec => spec with { RestartPolicy = new(RestartPolicyKind.Always) });
        Fill();
        _engine.Runtime.End(id, 1);
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromMilliseconds(100)), "it waits out the back-off");
        Assert.Equal(ContainerState.Restarting, (await _engine.Containers.InspectAsync(id)).State);
        _engine.Time.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromSeconds(5)), "the restart waits for room");

        // Seven seconds of failure: the next try to write the end down is eight away by then, the next restart three.
        await PassAsync(0.9, 2);
        await PassAsync(2, 4);
        await PassAsync(2.1, 5);
        await PassAsync(1.9, 8);
        _engine.Files.OnWrite = _ => { };
        _engine.Time.Advance(TimeSpan.FromSeconds(3.1));
        await Eventually.HoldsAsync(async () => (await _engine.Containers.InspectAsync(id)).State == ContainerState.Running);

        // What is tried late to write of the first run is none of the second's business.
        var exec = await _engine.Execs.CreateAsync(id, new ExecSpec { Command = ["top"] });
        await _engine.Execs.StartAsync(exec, detach: true);
        _engine.Time.Advance(TimeSpan.FromSeconds(5));
        var seen = await _engine.Containers.InspectAsync(id);
        Assert.Equal((ContainerState.Running, 1), (seen.State, seen.RestartCount));
        Assert.True((await _engine.Execs.InspectAsync(exec)).Running);
    }

    [Fact]
    public async Task Exit_DiskFullWithAutoRemove_IsRemoved()
    {
        var id = await RunAsync(spec => spec with { AutoRemove = true });
        Fill();

        _engine.Runtime.End(id, 0);

        await Eventually.HoldsAsync(async () => (await _engine.Containers.ListAsync()).Count == 0, "it is removed");
        Assert.False(Directory.Exists(Path.Combine(_engine.DataRoot, "containers", id)));
        Assert.DoesNotContain(TimeSpan.FromSeconds(1), _engine.Time.Waiting);
    }

    [Fact]
    public async Task Stop_DiskFullWhileItWaitsToRestart_EndsIt()
    {
        var id = await RunAsync(spec => spec with { RestartPolicy = new(RestartPolicyKind.Always) });
        Fill();
        _engine.Runtime.End(id, 1);
        await Eventually.HoldsAsync(async () => (await _engine.Containers.InspectAsync(id)).State == ContainerState.Restarting);

        await _engine.Containers.StopAsync(id);

        Assert.Equal(ContainerState.Exited, (await _engine.Containers.InspectAsync(id)).State);
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromSeconds(1)), "it waits for room");
        _engine.Files.OnWrite = _ => { };
        _engine.Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => State(id).Contains("\"stoppedByPerson\": true", StringComparison.Ordinal), "it is written");
    }

    [Fact]
    public async Task Restart_DiskFull_IsTriedAgainUntilThereIsRoom()
    {
        var spec = new ContainerSpec { Image = "busybox", RestartPolicy = new(RestartPolicyKind.Always) };
        var id = (await _engine.Containers.CreateAsync(spec)).Id;
        await _engine.Containers.StartAsync(id);
        _engine.Runtime.End(id, 1);
        await Eventually.HoldsAsync(async () => (await _engine.Containers.InspectAsync(id)).State == ContainerState.Restarting);
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromMilliseconds(100)), "it waits out the back-off");
        _engine.Files.OnWrite = _ => throw s_full;
        _engine.Time.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromSeconds(5)), "it waits for room");

        _engine.Files.OnWrite = _ => { };
        _engine.Time.Advance(TimeSpan.FromSeconds(5));

        await Eventually.HoldsAsync(async () => (await _engine.Containers.InspectAsync(id)).State == ContainerState.Running);
    }

    [Fact]
    public async Task Create_DiskFull_LeavesNothing()
    {
        _engine.Files.OnWrite = path =>
        {
            if (path.EndsWith("config.json", StringComparison.Ordinal))
            {
                throw s_full;
            }
        };

        await Assert.ThrowsAsync<EngineException>(
            () => _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = "web" }));

        Assert.Empty(_engine.Snapshotter.Roots);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_engine.DataRoot, "containers")));
    }

    [Fact]
    public async Task StopAndRemove_DiskFull_MakeRoom()
    {
        var spec = new ContainerSpec { Image = "busybox", RestartPolicy = new(RestartPolicyKind.Always) };
        var stopped = (await _engine.Containers.CreateAsync(spec)).Id;
        var removed = (await _engine.Containers.CreateAsync(spec)).Id;
        await _engine.Containers.StartAsync(stopped);
        await _engine.Containers.StartAsync(removed);
        _engine.Files.OnWrite = _ => throw s_full;

        await _engine.Containers.StopAsync(stopped);
        await _engine.Containers.RemoveAsync(removed, force: true);

        Assert.Equal(ContainerState.Exited, (await _engine.Containers.InspectAsync(stopped)).State);
        Assert.Single(await _engine.Containers.ListAsync());
        Assert.Single(Directory.EnumerateFileSystemEntries(Path.Combine(_engine.DataRoot, "containers")));
        _engine.Files.OnWrite = _ => { };
        Assert.True(await _engine.Containers.StartAsync(stopped));
    }

    [Fact]
    public async Task Start_DiskFull_ServesAllTheSame()
    {
        var spec = new ContainerSpec { Image = "busybox", Name = "web", RestartPolicy = new(RestartPolicyKind.Always) };
        var id = (await _engine.Containers.CreateAsync(spec)).Id;
        await _engine.Containers.StartAsync(id);
        await _engine.EndAsync();
        _engine.Runtime.End(id, 6);
        _engine.Files.OnWrite = _ => throw s_full;

        await _engine.BeginAsync();

        Assert.Equal("web", (await _engine.Containers.InspectAsync(id)).Name);
        _engine.Files.OnWrite = _ => { };
    }

    [Fact]
    public async Task Start_LeftoversCannotBeRemoved_ServesAllTheSame()
    {
        await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = "web" });
        await _engine.EndAsync();
        _engine.Snapshotter.OnCollectRoots = () => throw new IOException("The mount is busy.");

        await _engine.BeginAsync();

        Assert.Single(await _engine.Containers.ListAsync());
    }

    private void Fill() => _engine.Files.OnWrite = _ => throw s_full;

    private async Task<string> RunAsync(Func<ContainerSpec, ContainerSpec>? change = null)
    {
        var spec = new ContainerSpec { Image = "busybox" };
        var id = (await _engine.Containers.CreateAsync(change?.Invoke(spec) ?? spec)).Id;
        await _engine.Containers.StartAsync(id);
        return id;
    }

    /// <summary>Lets time pass, until something waits for a number of seconds.</summary>
    private Task PassAsync(double seconds, double untilWaiting)
    {
        _engine.Time.Advance(TimeSpan.FromSeconds(seconds));
        return Eventually.HoldsAsync(
            () => _engine.Time.Waiting.Contains(TimeSpan.FromSeconds(untilWaiting)), $"something waits for {untilWaiting} s");
    }

    private string State(string id) => File.ReadAllText(Path.Combine(_engine.DataRoot, "containers", id, "state.json"));

    private async Task<int> DeathsAsync()
    {
        var (last, deaths) = (_engine.Events.LastSequence, 0);
        await foreach (var item in _engine.Events.ReadAsync(0))
        {
            deaths += item.Action == "die" ? 1 : 0;
            if (item.Sequence == last)
            {
                break;
            }
        }

        return deaths;
    }
}
