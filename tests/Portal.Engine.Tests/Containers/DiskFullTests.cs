using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

public sealed class DiskFullTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Exit_DiskFull_IsWrittenDownWhenThereIsRoomAgain()
    {
        var id = (await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox" })).Id;
        await _engine.Containers.StartAsync(id);
        _engine.Files.OnWrite = _ => throw new EngineException(EngineErrorKind.Unavailable, "The disk is full.");
        _engine.Runtime.End(id, 6);
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromSeconds(1)), "it waits for the next try");

        _engine.Files.OnWrite = _ => { };
        _engine.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(6, await _engine.Containers.WaitAsync(id));
        Assert.Equal(ContainerState.Exited, (await _engine.Containers.InspectAsync(id)).State);
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
        _engine.Files.OnWrite = _ => throw new EngineException(EngineErrorKind.Unavailable, "The disk is full.");
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
                throw new EngineException(EngineErrorKind.Unavailable, "The disk is full.");
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
        _engine.Files.OnWrite = _ => throw new EngineException(EngineErrorKind.Unavailable, "The disk is full.");

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
        _engine.Files.OnWrite = _ => throw new EngineException(EngineErrorKind.Unavailable, "The disk is full.");

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
}
