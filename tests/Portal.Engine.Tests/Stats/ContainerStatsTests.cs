using Portal.Engine.Containers;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Stats;

public sealed class ContainerStatsTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Watch_Running_GivesTheFirstAtOnceAndOneASecond()
    {
        var id = await StartedAsync();
        await using var reader = _engine.ContainerStats.WatchAsync(id).GetAsyncEnumerator();

        Assert.True(await reader.MoveNextAsync());
        var first = reader.Current;
        var next = reader.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await AdvanceAsync(next.AsTask());

        Assert.Equal(id, first.ContainerId);
        Assert.True(reader.Current.CpuNanoseconds > first.CpuNanoseconds);
    }

    [Fact]
    public async Task Watch_NobodyLeft_ReadsNothing()
    {
        var id = await StartedAsync();
        await foreach (var sample in _engine.ContainerStats.WatchAsync(id))
        {
            Assert.Equal(id, sample.ContainerId);
            break;
        }

        _engine.Time.Advance(TimeSpan.FromSeconds(2));
        var reads = _engine.Stats.Reads;
        _engine.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(reads, _engine.Stats.Reads);
    }

    [Fact]
    public async Task WatchAll_Several_GivesOneListOfRunningOnesARound()
    {
        var first = await StartedAsync();
        var second = await StartedAsync();
        await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox" });

        await foreach (var round in _engine.ContainerStats.WatchAllAsync(TimeSpan.FromSeconds(1)))
        {
            Assert.Equal(new[] { first, second }.Order(), round.Select(sample => sample.ContainerId).Order());
            break;
        }
    }

    [Fact]
    public async Task Watch_Removed_Ends()
    {
        var id = await StartedAsync();
        await using var reader = _engine.ContainerStats.WatchAsync(id).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        var next = reader.MoveNextAsync().AsTask();
        await _engine.Containers.RemoveAsync(id, force: true);
        await AdvanceAsync(next);

        Assert.False(await next);
    }

    [Fact]
    public async Task Read_NotRunning_IsNull()
    {
        var created = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox" });

        Assert.Null(await _engine.ContainerStats.ReadAsync(created.Id));
    }

    private async Task AdvanceAsync(Task until)
    {
        await Eventually.HoldsAsync(() =>
        {
            _engine.Time.Advance(TimeSpan.FromMilliseconds(200));
            return until.IsCompleted;
        });
    }

    private async Task<string> StartedAsync()
    {
        var created = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox" });
        await _engine.Containers.StartAsync(created.Id);
        return created.Id;
    }
}
