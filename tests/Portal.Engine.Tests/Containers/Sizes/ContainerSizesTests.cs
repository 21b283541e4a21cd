using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Sizes;
using Portal.Engine.Errors;
using Portal.Engine.Snapshots;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers.Sizes;

public sealed class ContainerSizesTests : IAsyncLifetime
{
    private static readonly RootUsage s_some = new(5, 100);
    private FakeEngine _engine = null!;

    private IContainerSizes Sizes => _engine.Services.GetRequiredService<IContainerSizes>();

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Measure_ByIdNameAndPrefix_AsksForItsRoot()
    {
        var id = await CreateAsync("web");
        _engine.Snapshotter.OnGetUsage = (root, _) => Task.FromResult(root == id ? s_some : new RootUsage(-1, -1));

        foreach (var reference in new[] { id, "web", id[..10] })
        {
            Assert.Equal((5, 105), await Sizes.MeasureAsync(reference) is { } size ? (size.WritableBytes, size.TotalBytes) : default);
        }

        var failure = await Assert.ThrowsAsync<EngineException>(() => Sizes.MeasureAsync("nobody"));
        Assert.Equal(EngineErrorKind.NotFound, failure.Kind);
    }

    [Theory]
    [InlineData(EngineErrorKind.NotFound)]
    [InlineData(EngineErrorKind.Internal)]
    public async Task Measure_RootThatIsGoneOrBroken_LeavesTheOthersTheirSizes(EngineErrorKind kind)
    {
        var (good, bad) = (await CreateAsync("good"), await CreateAsync("bad"));
        _engine.Snapshotter.OnGetUsage = (root, _) => root == good ? Task.FromResult(s_some) : throw new EngineException(kind, "no root");

        Assert.Equal([KeyValuePair.Create(good, s_some)], await Sizes.MeasureAsync([bad, good, "unknown"]));
        Assert.Null(await Sizes.MeasureAsync(bad));
    }

    [Fact]
    public async Task Measure_ManyContainersAndCallers_AFewWalksAtATime()
    {
        var (now, most, done) = (0, 0, 0);
        var gate = new SemaphoreSlim(0);
        _engine.Snapshotter.OnGetUsage = async (_, token) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await gate.WaitAsync(token);
            Interlocked.Decrement(ref now);
            Interlocked.Increment(ref done);
            return s_some;
        };
        var ids = Enumerable.Range(0, 10).Select(index => $"c{index}").ToArray();

        var (first, second) = (Sizes.MeasureAsync(ids), Sizes.MeasureAsync(ids));
        await Eventually.HoldsAsync(() => Volatile.Read(ref now) == ContainerSizes.MostWalks, "all turns are taken");
        for (var released = 1; released <= 20; released++)
        {
            gate.Release();
            await Eventually.HoldsAsync(() => Volatile.Read(ref done) >= released, "a walk ends");
        }

        Assert.Equal((10, 10), ((await first).Count, (await second).Count));
        Assert.Equal(ContainerSizes.MostWalks, most);
    }

    [Fact]
    public async Task Measure_Cancelled_EndsItsWalksAndGivesTheTurnsBack()
    {
        var walks = 0;
        _engine.Snapshotter.OnGetUsage = async (_, token) =>
        {
            Interlocked.Increment(ref walks);
            await Task.Delay(Timeout.Infinite, token);
            return s_some;
        };
        using var cancel = new CancellationTokenSource();
        var running = Sizes.MeasureAsync(["a", "b", "c", "d", "e", "f"], cancel.Token);
        await Eventually.HoldsAsync(() => Volatile.Read(ref walks) == ContainerSizes.MostWalks, "the walks are under way");

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        _engine.Snapshotter.OnGetUsage = (_, _) => Task.FromResult(s_some);
        Assert.Equal(6, (await Sizes.MeasureAsync(["a", "b", "c", "d", "e", "f"])).Count);
    }

    [Fact]
    public async Task Measure_WhileItIsBeingRemoved_DoesNotWait()
    {
        var id = await CreateAsync("going");
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Snapshotter.OnGetUsage = (_, _) => Task.FromResult(s_some);
        _engine.Snapshotter.OnRemove = _ =>
        {
            reached.SetResult();
            return held.Task;
        };
        var removal = _engine.Containers.RemoveAsync(id);
        await reached.Task.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(20)));

        Assert.Equal(s_some, await Sizes.MeasureAsync(id).WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(20))));

        held.SetResult();
        await removal;
    }

    private async Task<string> CreateAsync(string name) =>
        (await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = name })).Id;

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
