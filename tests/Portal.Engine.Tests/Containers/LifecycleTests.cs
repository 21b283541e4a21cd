using System.Text;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Networks;
using Portal.Engine.Runtime;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

public sealed class LifecycleTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;

    private IContainers Containers => _engine.Containers;

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Start_Created_RunsWithFilesAndNetwork()
    {
        var id = await CreateAsync(new ContainerSpec
        {
            Image = "busybox",
            Name = "web",
            Hostname = "box",
            ExtraHosts = ["db:10.1.2.3", "host.docker.internal:host-gateway"],
            Dns = ["9.9.9.9"],
            DnsSearch = ["corp.example"],
            Ports = [new PortBinding { ContainerPort = 80, HostPort = 8080 }],
        });

        Assert.True(await Containers.StartAsync("web"));
        Assert.False(await Containers.StartAsync("web"));

        var info = await Containers.InspectAsync("web");
        Assert.Equal(ContainerState.Running, info.State);
        Assert.True(info.ProcessId > 0);
        Assert.Equal(8080, info.Network!.Ports[0].HostPort);
        var hosts = await File.ReadAllTextAsync(info.HostsPath);
        Assert.Contains("127.0.0.1\tlocalhost\n", hosts);
        Assert.Contains("10.1.2.3\tdb\n", hosts);
        Assert.Contains("172.30.0.1\thost.docker.internal\n", hosts);
        Assert.Contains($"{info.Network.Endpoints[0].Address}\tbox\n", hosts);
        Assert.Equal("box\n", await File.ReadAllTextAsync(info.HostnamePath));
        Assert.Equal("nameserver 9.9.9.9\nsearch corp.example\n", WithoutOptions(await File.ReadAllTextAsync(info.ResolvConfPath)));
        var request = Assert.Single(_engine.Runtime.Created);
        Assert.Equal(id, request.Id);
        Assert.Contains(request.Mounts, mount => mount.Destination == "/etc/hosts" && mount.Source == info.HostsPath);
        Assert.Contains("HOSTNAME=box", request.Process.Environment);
        Assert.Equal([id], _engine.Snapshotter.Mounted);
    }

    [Theory]
    [InlineData("exec: \"nope\": executable file not found in $PATH: unknown", 127)]
    [InlineData("exec: \"/etc/passwd\": permission denied: unknown", 126)]
    [InlineData("something else", 128)]
    public async Task Start_RuntimeRefuses_RollsBackAndKeepsCodeAndError(string words, int exitCode)
    {
        var id = await CreateAsync(new ContainerSpec { Image = "busybox", Command = ["nope"] });
        _engine.Runtime.OnCreate = _ => throw EngineException.InvalidArgument(words);

        var failure = await Assert.ThrowsAsync<EngineException>(() => Containers.StartAsync(id));

        Assert.Equal(words, failure.Message);
        var info = await Containers.InspectAsync(id);
        Assert.Equal(ContainerState.Created, info.State);
        Assert.Equal(exitCode, info.ExitCode);
        Assert.Equal(words, info.Error);
        AssertKernelIsClean();

        _engine.Runtime.OnCreate = _ => Task.CompletedTask;
        Assert.True(await Containers.StartAsync(id));
        Assert.Equal("", (await Containers.InspectAsync(id)).Error);
    }

    [Fact]
    public async Task Start_PortInUse_IsConflictAndLeavesNothing()
    {
        var binding = new PortBinding { ContainerPort = 80, HostPort = 8080 };
        await Containers.StartAsync(await CreateAsync(new ContainerSpec { Image = "busybox", Ports = [binding] }));
        var second = await CreateAsync(new ContainerSpec { Image = "busybox", Ports = [binding] });

        var failure = await Assert.ThrowsAsync<EngineException>(() => Containers.StartAsync(second));

        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
        Assert.Equal("Bind for 0.0.0.0:8080 failed: port is already allocated", failure.Message);
        Assert.DoesNotContain(second, _engine.Snapshotter.Mounted);
        Assert.DoesNotContain(second, _engine.Networks.Attached);
        Assert.DoesNotContain(second, _engine.Runtime.Known);
    }

    [Fact]
    public async Task Exit_Running_RecordsCodeCleansUpAndTells()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox", Name = "web" });
        var wait = Containers.WaitAsync(id);
        _engine.Time.Advance(TimeSpan.FromSeconds(3));

        _engine.Runtime.End(id, 7, outOfMemory: true);

        Assert.Equal(7, await wait);
        var info = await Containers.InspectAsync(id);
        Assert.Equal(ContainerState.Exited, info.State);
        Assert.Equal(7, info.ExitCode);
        Assert.True(info.OutOfMemory);
        Assert.Equal(_engine.Time.GetUtcNow(), info.FinishedAt);
        Assert.Equal(0, info.ProcessId);
        Assert.Null(info.Network);
        AssertKernelIsClean();
        var events = await EventsAsync();
        Assert.Equal(["create", "start", "oom", "die"], events.Select(item => item.Action));
        Assert.Equal("7", events[^1].Attributes["exitCode"]);
        Assert.Equal("3", events[^1].Attributes["execDuration"]);
        Assert.Equal("web", events[^1].Attributes["name"]);
        Assert.Equal("busybox", events[^1].Attributes["image"]);
    }

    [Fact]
    public async Task Stop_ObedientProcess_EndsWithItsCodeAndTells()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox" });

        Assert.True(await Containers.StopAsync(id));
        Assert.False(await Containers.StopAsync(id));

        Assert.Equal(143, (await Containers.InspectAsync(id)).ExitCode);
        Assert.Equal([(id, 15)], _engine.Runtime.Signals);
        Assert.Equal(["create", "start", "kill", "die", "stop"], (await EventsAsync()).Select(item => item.Action));
    }

    [Fact]
    public async Task Stop_StubbornProcess_IsKilledAfterTheGracePeriod()
    {
        _engine.Runtime.OnSignal = (runtime, id, signal) =>
        {
            if (signal == 9)
            {
                runtime.End(id, 137);
            }
        };
        var id = await StartedAsync(new ContainerSpec { Image = "busybox", StopSignal = "SIGINT" });
        var stopping = Containers.StopAsync(id, TimeSpan.FromSeconds(4));
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromSeconds(4)));

        _engine.Time.Advance(TimeSpan.FromSeconds(3.9));
        Assert.Equal([(id, 2)], _engine.Runtime.Signals);
        _engine.Time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.True(await stopping);
        Assert.Equal([(id, 2), (id, 9)], _engine.Runtime.Signals);
        Assert.Equal(137, (await Containers.InspectAsync(id)).ExitCode);
    }

    [Fact]
    public async Task Kill_NotRunning_IsConflictInDockersWords()
    {
        var id = await CreateAsync(new ContainerSpec { Image = "busybox", Name = "web" });

        var failure = await Assert.ThrowsAsync<EngineException>(() => Containers.KillAsync("web"));

        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
        Assert.Equal($"cannot kill container: web: container {id} is not running", failure.Message);
    }

    [Fact]
    public async Task Pause_Running_FreezesUntilUnpaused()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox" });

        await Containers.PauseAsync(id);
        Assert.Equal(ContainerState.Paused, (await Containers.InspectAsync(id)).State);
        Assert.Equal(RuntimeState.Paused, _engine.Runtime[id].State);
        await Assert.ThrowsAsync<EngineException>(() => Containers.PauseAsync(id));
        await Assert.ThrowsAsync<EngineException>(() => Containers.StartAsync(id));
        await Containers.UnpauseAsync(id);

        Assert.Equal(ContainerState.Running, (await Containers.InspectAsync(id)).State);
        await Assert.ThrowsAsync<EngineException>(() => Containers.UnpauseAsync(id));
    }

    [Fact]
    public async Task Restart_AutoRemove_KeepsTheContainer()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox", AutoRemove = true });

        await Containers.RestartAsync(id);

        Assert.Equal(ContainerState.Running, (await Containers.InspectAsync(id)).State);
        Assert.Equal(2, _engine.Runtime.Created.Count);
    }

    [Fact]
    public async Task Exit_AutoRemove_RemovesAllAndAnswersWaits()
    {
        var created = await CreateAsync(new ContainerSpec { Image = "busybox", AutoRemove = true, Volumes = ["/v"] });
        var wait = Containers.WaitAsync(created, WaitCondition.Removed);
        await Containers.StartAsync(created);

        _engine.Runtime.End(created, 3);

        Assert.Equal(3, await wait);
        Assert.Empty(await Containers.ListAsync());
        Assert.Empty(_engine.Snapshotter.Roots);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_engine.DataRoot, "containers")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_engine.DataRoot, "volumes")));
        Assert.Equal("destroy", (await EventsAsync())[^1].Action);
    }

    [Fact]
    public async Task Remove_Running_IsConflictUnlessForced()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox", Name = "web" });

        var failure = await Assert.ThrowsAsync<EngineException>(() => Containers.RemoveAsync(id));
        Assert.Equal(
            "cannot remove container \"/web\": container is running: stop the container before removing or force remove",
            failure.Message);
        await Containers.RemoveAsync(id, force: true);

        var gone = await Assert.ThrowsAsync<EngineException>(() => Containers.InspectAsync("web"));
        Assert.Equal("No such container: web", gone.Message);
        AssertKernelIsClean();
        Assert.Empty(_engine.Snapshotter.Roots);
    }

    [Fact]
    public async Task Remove_FailsHalfWay_LeavesADeadOneThatCanBeRemoved()
    {
        var id = await CreateAsync(new ContainerSpec { Image = "busybox", Name = "web" });
        _engine.Snapshotter.OnRemove = _ => throw new IOException("device busy");

        await Assert.ThrowsAsync<EngineException>(() => Containers.RemoveAsync(id));
        Assert.Equal(ContainerState.Dead, (await Containers.InspectAsync(id)).State);
        await Assert.ThrowsAsync<EngineException>(() => Containers.StartAsync(id));
        _engine.Snapshotter.OnRemove = _ => Task.CompletedTask;
        await Containers.RemoveAsync(id);

        Assert.Empty(await Containers.ListAsync());
    }

    [Fact]
    public async Task Remove_ProcessesDoNotEnd_KeepsWhatTheyUse()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox" });
        _engine.Runtime.OnEnd = _ => throw new EngineException(EngineErrorKind.Unavailable, "they do not end");

        await Assert.ThrowsAsync<EngineException>(() => Containers.RemoveAsync(id, force: true));

        Assert.Contains(id, _engine.Runtime.Known);
        Assert.Contains(id, _engine.Snapshotter.Roots);
        _engine.Runtime.OnEnd = _ => Task.CompletedTask;
        await Containers.RemoveAsync(id, force: true);
        AssertKernelIsClean();
        Assert.Empty(_engine.Snapshotter.Roots);
    }

    [Fact]
    public async Task Remove_SharedVolumeOfAnother_IsKept()
    {
        var owner = await CreateAsync(new ContainerSpec { Image = "busybox", Volumes = ["/v"] });
        var volume = (await Containers.InspectAsync(owner)).Mounts[0];
        await CreateAsync(new ContainerSpec { Image = "busybox", Binds = [$"{volume.Name}:/theirs"] });

        await Containers.RemoveAsync(owner, removeVolumes: true);

        Assert.True(Directory.Exists(volume.Source));
    }

    [Fact]
    public async Task Attach_BeforeStart_SeesTheFirstByteAndSendsInput()
    {
        var id = await CreateAsync(new ContainerSpec { Image = "busybox", OpenStdin = true });
        await using var streams = await Containers.AttachAsync(id);
        _engine.Runtime.OnStart = started =>
        {
            _engine.Runtime[started].WriteLine("first");
            return Task.CompletedTask;
        };

        await Containers.StartAsync(id);

        var chunk = await streams.ReadAsync();
        Assert.Equal("first\n", Encoding.UTF8.GetString(chunk!.Value.Data.Span));
        _engine.Runtime.End(id, 0);
        Assert.Null(await streams.ReadAsync());
    }

    [Fact]
    public async Task Attach_StartFails_Ends()
    {
        var id = await CreateAsync(new ContainerSpec { Image = "busybox" });
        await using var streams = await Containers.AttachAsync(id);
        _engine.Runtime.OnCreate = _ => throw EngineException.InvalidArgument("no");
        await Assert.ThrowsAsync<EngineException>(() => Containers.StartAsync(id));

        Assert.Null(await streams.ReadAsync());
        await Assert.ThrowsAsync<IOException>(async () => await streams.WriteAsync(new byte[] { 1 }));
    }

    [Fact]
    public async Task Rename_NewName_MovesTheName()
    {
        var id = await CreateAsync(new ContainerSpec { Image = "busybox", Name = "old" });
        await CreateAsync(new ContainerSpec { Image = "busybox", Name = "taken" });

        await Assert.ThrowsAsync<EngineException>(() => Containers.RenameAsync("old", "taken"));
        await Assert.ThrowsAsync<EngineException>(() => Containers.RenameAsync("old", "in valid"));
        await Containers.RenameAsync("old", "new");

        Assert.Equal(id, (await Containers.InspectAsync("new")).Id);
        await Assert.ThrowsAsync<EngineException>(() => Containers.InspectAsync("old"));
        await CreateAsync(new ContainerSpec { Image = "busybox", Name = "old" });
        await _engine.RestartAsync();
        Assert.Equal(id, (await Containers.InspectAsync("new")).Id);
    }

    [Fact]
    public async Task Inspect_Prefix_IsUnderstoodWhenUnique()
    {
        var id = await CreateAsync(new ContainerSpec { Image = "busybox" });

        Assert.Equal(id, (await Containers.InspectAsync(id[..12])).Id);
        Assert.Equal(EngineErrorKind.InvalidArgument, (await Assert.ThrowsAsync<EngineException>(() => Containers.InspectAsync(""))).Kind);
    }

    private static string WithoutOptions(string text)
    {
        return string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("options", StringComparison.Ordinal)).Select(line => line + "\n"));
    }

    private async Task<string> CreateAsync(ContainerSpec spec) => (await Containers.CreateAsync(spec)).Id;

    private async Task<string> StartedAsync(ContainerSpec spec)
    {
        var id = await CreateAsync(spec);
        await Containers.StartAsync(id);
        return id;
    }

    private async Task<List<EngineEvent>> EventsAsync()
    {
        var events = new List<EngineEvent>();
        var last = _engine.Events.LastSequence;
        await foreach (var item in _engine.Events.ReadAsync(0))
        {
            events.Add(item);
            if (item.Sequence == last)
            {
                break;
            }
        }

        return events;
    }

    private void AssertKernelIsClean()
    {
        Assert.Empty(_engine.Runtime.Known);
        Assert.Empty(_engine.Networks.Attached);
        Assert.Empty(_engine.Snapshotter.Mounted);
    }
}
