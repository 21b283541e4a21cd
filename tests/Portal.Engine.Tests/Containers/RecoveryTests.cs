using System.Text.Json.Nodes;
using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Runtime;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

/// <summary>What an engine finds at its start after another one was killed at some point.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Start_StillRunning_IsAdopted()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox", Name = "web" });
        var before = await _engine.Containers.InspectAsync(id);

        await _engine.RestartAsync();

        var after = await _engine.Containers.InspectAsync("web");
        Assert.Equal(ContainerState.Running, after.State);
        Assert.Equal(before.ProcessId, after.ProcessId);
        Assert.Equal(before.StartedAt, after.StartedAt);
        Assert.Equal(before.Network!.Endpoints[0].Address, after.Network!.Endpoints[0].Address);
        var wait = _engine.Containers.WaitAsync(id);
        _engine.Runtime.End(id, 5);
        Assert.Equal(5, await wait);
    }

    [Fact]
    public async Task Start_PausedMeanwhile_IsAdoptedAsPaused()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox" });
        await _engine.EndAsync();
        _engine.Runtime[id].State = RuntimeState.Paused;
        await _engine.BeginAsync();

        Assert.Equal(ContainerState.Paused, (await _engine.Containers.InspectAsync(id)).State);
    }

    [Theory]
    [InlineData(RuntimeState.Paused)]
    [InlineData(RuntimeState.Running)]
    public async Task Start_FrozenForACommitThatNeverEnded_IsThawed(RuntimeState found)
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox" });
        await _engine.EndAsync();
        _engine.Runtime[id].State = found;
        Edit(id, state =>
        {
            state["state"] = "Paused";
            state["pausedForCommit"] = true;
        });
        await _engine.BeginAsync();

        Assert.Equal(ContainerState.Running, (await _engine.Containers.InspectAsync(id)).State);
        Assert.Equal(RuntimeState.Running, _engine.Runtime[id].State);
        await _engine.Containers.PauseAsync(id);
        await _engine.RestartAsync();
        Assert.Equal(ContainerState.Paused, (await _engine.Containers.InspectAsync(id)).State);
    }

    [Fact]
    public async Task Start_EndedMeanwhile_HasItsExitCodeOnce()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox" });
        await _engine.EndAsync();
        _engine.Runtime.End(id, 42);
        await _engine.BeginAsync();

        var info = await _engine.Containers.InspectAsync(id);
        Assert.Equal(ContainerState.Exited, info.State);
        Assert.Equal(42, info.ExitCode);
        Assert.Empty(_engine.Runtime.Known);
        Assert.Empty(_engine.Networks.Attached);
        Assert.Empty(_engine.Snapshotter.Mounted);
        Assert.Single(await ActionsAsync(), "die");
    }

    [Fact]
    public async Task Start_EndedMeanwhileWithPolicy_IsRestarted()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox", RestartPolicy = new(RestartPolicyKind.OnFailure) });
        await _engine.EndAsync();
        _engine.Runtime.End(id, 1);
        await _engine.BeginAsync();
        _engine.Time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(async () => (await _engine.Containers.InspectAsync(id)).State == ContainerState.Running);
        Assert.Equal(1, (await _engine.Containers.InspectAsync(id)).RestartCount);
    }

    [Theory]
    [InlineData(RestartPolicyKind.No, false, false)]
    [InlineData(RestartPolicyKind.OnFailure, false, true)]
    [InlineData(RestartPolicyKind.Always, false, true)]
    [InlineData(RestartPolicyKind.UnlessStopped, false, true)]
    [InlineData(RestartPolicyKind.Always, true, true)]
    [InlineData(RestartPolicyKind.UnlessStopped, true, false)]
    public async Task Start_AfterReboot_FollowsThePolicy(RestartPolicyKind policy, bool stopped, bool runs)
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox", RestartPolicy = new(policy) });
        if (stopped)
        {
            await _engine.Containers.StopAsync(id);
        }

        await _engine.EndAsync();
        _engine.Runtime.Reboot();
        await _engine.BeginAsync();
        var state = (await _engine.Containers.InspectAsync(id)).State;
        Assert.Equal(runs ? ContainerState.Restarting : ContainerState.Exited, state);
        if (!stopped)
        {
            Assert.Equal(255, (await _engine.Containers.InspectAsync(id)).ExitCode);
        }

        _engine.Time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(async () =>
            (await _engine.Containers.InspectAsync(id)).State == (runs ? ContainerState.Running : ContainerState.Exited));
    }

    [Fact]
    public async Task Start_DuringBackOff_GoesOnWithIt()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox", RestartPolicy = new(RestartPolicyKind.Always) });
        _engine.Runtime.End(id, 1);
        await Eventually.HoldsAsync(async () =>
            (await _engine.Containers.InspectAsync(id)).State == ContainerState.Restarting);
        await _engine.RestartAsync();
        _engine.Time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.HoldsAsync(async () => (await _engine.Containers.InspectAsync(id)).State == ContainerState.Running);
    }

    [Fact]
    public async Task Start_KilledBeforeTheProgramRan_TakesTheStartBack()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox" });
        await _engine.EndAsync();
        _engine.Runtime[id].State = RuntimeState.Created;
        Edit(id, state =>
        {
            state["state"] = "Created";
            state["starting"] = true;
            state["startedAt"] = null;
        });
        await _engine.BeginAsync();

        Assert.Equal(ContainerState.Created, (await _engine.Containers.InspectAsync(id)).State);
        Assert.Empty(_engine.Runtime.Known);
        Assert.Empty(_engine.Networks.Attached);
        Assert.Empty(_engine.Snapshotter.Mounted);
        Assert.True(await _engine.Containers.StartAsync(id));
    }

    [Fact]
    public async Task Start_RestartKilledBeforeTheProgramRan_CountsOnce()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox", RestartPolicy = new(RestartPolicyKind.Always) });
        await _engine.EndAsync();
        _engine.Runtime[id].State = RuntimeState.Created;
        Edit(id, state =>
        {
            state["state"] = "Restarting";
            state["starting"] = true;
            state["restartCount"] = 3;
        });
        await _engine.BeginAsync();
        Assert.Equal(2, (await _engine.Containers.InspectAsync(id)).RestartCount);

        _engine.Time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.HoldsAsync(async () => (await _engine.Containers.InspectAsync(id)).State == ContainerState.Running);

        Assert.Equal(3, (await _engine.Containers.InspectAsync(id)).RestartCount);
    }

    [Fact]
    public async Task Start_KilledBeforeTheStartWasWrittenDown_AdoptsIt()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox" });
        await _engine.EndAsync();
        Edit(id, state =>
        {
            state["state"] = "Created";
            state["starting"] = true;
            state["startedAt"] = null;
            state["processId"] = 0;
        });
        await _engine.BeginAsync();

        var info = await _engine.Containers.InspectAsync(id);
        Assert.Equal(ContainerState.Running, info.State);
        Assert.NotNull(info.StartedAt);
        Assert.Equal(_engine.Runtime[id].ProcessId, info.ProcessId);
    }

    [Fact]
    public async Task Start_KilledBeforeTheEndWasCleanedUp_CleansUp()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox" });
        await _engine.EndAsync();
        _engine.Runtime.End(id, 9);
        Edit(id, state =>
        {
            state["state"] = "Exited";
            state["exitCode"] = 9;
            state["needsCleanUp"] = true;
        });
        await _engine.BeginAsync();

        Assert.Equal(9, (await _engine.Containers.InspectAsync(id)).ExitCode);
        Assert.Empty(_engine.Runtime.Known);
        Assert.Empty(_engine.Snapshotter.Mounted);
        Assert.True(await _engine.Containers.StartAsync(id));
    }

    [Fact]
    public async Task Start_KilledDuringRemoval_FinishesIt()
    {
        var created = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Volumes = ["/v"] });
        await _engine.EndAsync();
        Edit(created.Id, state =>
        {
            state["state"] = "Removing";
            state["removeVolumes"] = true;
        });
        await _engine.BeginAsync();

        Assert.Empty(await _engine.Containers.ListAsync());
        Assert.Empty(_engine.Snapshotter.Roots);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_engine.DataRoot, "volumes")));
    }

    [Fact]
    public async Task Start_KilledDuringCreation_RemovesTheRemains()
    {
        var created = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox" });
        await _engine.EndAsync();
        File.Delete(Path.Combine(Folder(created.Id), "config.json"));
        await _engine.BeginAsync();

        Assert.Empty(await _engine.Containers.ListAsync());
        Assert.Empty(_engine.Snapshotter.Roots);
        Assert.False(Directory.Exists(Folder(created.Id)));
    }

    [Fact]
    public async Task Start_KilledDuringCreation_RemovesItsOwnVolumesAndNoOthers()
    {
        var created = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Volumes = ["/v"], Binds = ["named:/n"] });
        await _engine.EndAsync();
        File.Delete(Path.Combine(Folder(created.Id), "config.json"));
        await _engine.BeginAsync();

        Assert.Equal(["named"], VolumeNames());
    }

    [Fact]
    public async Task Remove_CutOffWithoutItsVolumes_KeepsThem()
    {
        var created = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Volumes = ["/v"] });
        var config = Path.Combine(Folder(created.Id), "config.json");
        File.Delete(config);
        Directory.CreateDirectory(config);
        await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.RemoveAsync(created.Id));
        await _engine.EndAsync();
        Directory.Delete(config);
        await _engine.BeginAsync();

        Assert.Empty(await _engine.Containers.ListAsync());
        Assert.Single(VolumeNames());
    }

    [Fact]
    public async Task Start_KilledInTheEndOfAConnection_IsOnTheNetworksThatItHas()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox" });
        await _engine.EndAsync();
        Edit(id, state => state["networks"] = new JsonArray(Connection("bridge"), Connection("left")));
        await _engine.BeginAsync();

        Assert.Equal(["bridge"], (await _engine.Containers.InspectAsync(id)).Networks.Select(connection => connection.Network));
    }

    [Fact]
    public async Task Start_KilledInAConnection_IsOnTheNetworksThatItHas()
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox" });
        await _engine.EndAsync();
        Edit(id, state => state["networks"] = new JsonArray());
        await _engine.BeginAsync();

        Assert.Equal(["bridge"], (await _engine.Containers.InspectAsync(id)).Networks.Select(connection => connection.Network));
    }

    [Fact]
    public async Task Start_OlderFilesWithoutNewMembers_ReadsThemWithDefaults()
    {
        var created = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = "old" });
        await _engine.EndAsync();
        var path = Path.Combine(Folder(created.Id), "config.json");
        var config = JsonNode.Parse(await File.ReadAllTextAsync(path))!.AsObject();
        var spec = config["spec"]!.AsObject();
        foreach (var name in new[] { "dns", "tmpfs", "resources", "logRotation", "networkMode", "volumes" })
        {
            spec.Remove(name);
        }

        await File.WriteAllTextAsync(path, config.ToJsonString());
        await _engine.BeginAsync();

        var info = await _engine.Containers.InspectAsync("old");
        Assert.Equal("bridge", info.Spec.NetworkMode);
        Assert.Equal(LogRotation.Default, info.Spec.LogRotation);
        Assert.Empty(info.Spec.Dns);
        Assert.True(await _engine.Containers.StartAsync("old"));
    }

    [Fact]
    public async Task Start_UnreadableContainer_ServesTheOthers()
    {
        var broken = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = "broken" });
        await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = "fine" });
        await _engine.EndAsync();
        await File.WriteAllTextAsync(Path.Combine(Folder(broken.Id), "config.json"), "{ half");
        await _engine.BeginAsync();

        Assert.Equal(["fine"], (await _engine.Containers.ListAsync()).Select(info => info.Name));
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("state.json")]
    public async Task Start_UnreadableContainer_KeepsAllThatIsItsOwn(string file)
    {
        var id = await StartedAsync(new ContainerSpec { Image = "busybox", Name = "broken" });
        var path = Path.Combine(Folder(id), file);
        var content = await File.ReadAllTextAsync(path);
        await _engine.EndAsync();
        await File.WriteAllTextAsync(path, "{ half");
        await _engine.BeginAsync();
        Assert.Empty(await _engine.Containers.ListAsync());

        await _engine.EndAsync();
        await File.WriteAllTextAsync(path, content);
        await _engine.BeginAsync();

        var mended = await _engine.Containers.InspectAsync("broken");
        Assert.Equal(ContainerState.Running, mended.State);
        Assert.Equal([id], _engine.Snapshotter.Roots);
        Assert.Equal([id], _engine.Networks.Attached);
    }

    private static JsonObject Connection(string network) => new() { ["network"] = network };

    private IEnumerable<string> VolumeNames() =>
        Directory.GetDirectories(Path.Combine(_engine.DataRoot, "volumes")).Select(path => Path.GetFileName(path));

    private string Folder(string id) => Path.Combine(_engine.DataRoot, "containers", id);

    private void Edit(string id, Action<JsonObject> change)
    {
        var path = Path.Combine(Folder(id), "state.json");
        var state = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(state);
        File.WriteAllText(path, state.ToJsonString());
    }

    private async Task<string> StartedAsync(ContainerSpec spec)
    {
        var created = await _engine.Containers.CreateAsync(spec);
        await _engine.Containers.StartAsync(created.Id);
        return created.Id;
    }

    private async Task<List<string>> ActionsAsync()
    {
        var actions = new List<string>();
        var last = _engine.Events.LastSequence;
        await foreach (var item in _engine.Events.ReadAsync(0))
        {
            actions.Add(item.Action);
            if (item.Sequence == last)
            {
                break;
            }
        }

        return actions;
    }
}
