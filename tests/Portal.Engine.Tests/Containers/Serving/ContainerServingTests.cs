using Portal.Engine.Containers;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers.Serving;

/// <summary>When containers take connections to ports of every node, and when they no longer do.</summary>
public sealed class ContainerServingTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;

    private IEnumerable<string> Told => _engine.Ingress.Told.Select(told => told.State);

    public async Task InitializeAsync()
    {
        _engine = await FakeEngine.StartAsync();
        _engine.Runtime.OnSignal = (runtime, id, signal) =>
        {
            if (signal is 9 or 15 && runtime[id].Exit is null)
            {
                runtime.End(id, 137);
            }
        };
    }

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Stop_Running_AsksItToEndOnlyWhenNothingNewIsLedToIt()
    {
        var id = await StartAsync();
        var left = new TaskCompletionSource();
        _engine.Ingress.OnLeave = _ => left.Task;

        var stopping = _engine.Containers.StopAsync(id);

        Assert.Equal(["ready", "leaving"], Told);
        Assert.Null(_engine.Runtime[id].Exit);

        // Whoever looks after it meanwhile is not kept from doing so.
        Assert.Equal(ContainerState.Running, (await _engine.Containers.InspectAsync(id)).State);
        left.SetResult();
        await stopping;
        Assert.Equal(ContainerState.Exited, (await _engine.Containers.InspectAsync(id)).State);
    }

    [Fact]
    public async Task Stop_CalledOffWhileItLeaves_LeavesItRunning()
    {
        var id = await StartAsync();
        using var calledOff = new CancellationTokenSource();
        _engine.Ingress.OnLeave = token => Task.Delay(Timeout.Infinite, token);

        var stopping = _engine.Containers.StopAsync(id, cancellationToken: calledOff.Token);
        await calledOff.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopping);
        Assert.Equal(ContainerState.Running, (await _engine.Containers.InspectAsync(id)).State);
        Assert.Null(_engine.Runtime[id].Exit);
    }

    [Fact]
    public async Task Kill_Running_WaitsForNobody()
    {
        var id = await StartAsync();

        await _engine.Containers.KillAsync(id);

        Assert.Equal(["ready"], Told);
    }

    [Fact]
    public async Task Pause_Running_TakesNoneUntilItIsOver()
    {
        var id = await StartAsync();

        await _engine.Containers.PauseAsync(id);
        await _engine.Containers.UnpauseAsync(id);

        Assert.Equal(["ready", "away", "ready"], Told);
    }

    [Fact]
    public async Task EngineRestart_WhileItRuns_LooksAtItAgain()
    {
        await StartAsync();
        _engine.Ingress.Told.Clear();

        await _engine.RestartAsync();

        Assert.Equal(["ready"], Told);
    }

    private async Task<string> StartAsync()
    {
        var id = (await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox" })).Id;
        await _engine.Containers.StartAsync(id);
        return id;
    }
}
