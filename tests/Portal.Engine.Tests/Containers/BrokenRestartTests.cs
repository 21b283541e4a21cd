using Portal.Engine.Containers;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

/// <summary>An engine is killed between the two halves of a restart; the next one does the second half.</summary>
public sealed class BrokenRestartTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Theory]
    [InlineData(RestartPolicyKind.No)]
    [InlineData(RestartPolicyKind.UnlessStopped)]
    public async Task Killed_WhileItEnds_IsStartedByTheNextEngine(RestartPolicyKind policy)
    {
        var id = await RestartingAsync(spec => spec with { RestartPolicy = new(policy) });
        await _engine.EndAsync();
        _engine.Runtime.End(id, 7);

        await _engine.BeginAsync();

        await RunsAgainAsync(id);
        Assert.Equal(0, (await _engine.Containers.InspectAsync(id)).RestartCount);
    }

    [Fact]
    public async Task Killed_BeforeItEnds_IsAskedAgainAndStarted()
    {
        var id = await RestartingAsync();
        var first = (await _engine.Containers.InspectAsync(id)).ProcessId;
        await _engine.EndAsync();
        _engine.Runtime.OnSignal = (runtime, container, _) => runtime.End(container, 7);

        await _engine.BeginAsync();

        await Eventually.HoldsAsync(
            async () => await _engine.Containers.InspectAsync(id) is { State: ContainerState.Running } info && info.ProcessId != first);
    }

    [Fact]
    public async Task Killed_WithAutoRemove_IsStartedAndNotRemoved()
    {
        var id = await RestartingAsync(spec => spec with { AutoRemove = true });
        await _engine.EndAsync();
        _engine.Runtime.End(id, 7);

        await _engine.BeginAsync();

        await RunsAgainAsync(id);
    }

    [Fact]
    public async Task Killed_AfterAPersonStoppedIt_StaysStopped()
    {
        var id = await RestartingAsync();
        await _engine.Containers.KillAsync(id, "TERM");
        await _engine.EndAsync();
        _engine.Runtime.End(id, 7);

        await _engine.BeginAsync();

        Assert.Equal(ContainerState.Exited, (await _engine.Containers.InspectAsync(id)).State);
        await _engine.RestartAsync();
        Assert.Equal(ContainerState.Exited, (await _engine.Containers.InspectAsync(id)).State);
    }

    [Fact]
    public async Task Restarted_ThenStoppedAndEngineStartsAnew_StaysStopped()
    {
        var id = (await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox" })).Id;
        await _engine.Containers.StartAsync(id);
        await _engine.Containers.RestartAsync(id);
        _engine.Runtime.End(id, 0);
        await Eventually.HoldsAsync(async () => (await _engine.Containers.InspectAsync(id)).State == ContainerState.Exited);

        await _engine.RestartAsync();

        Assert.Equal(ContainerState.Exited, (await _engine.Containers.InspectAsync(id)).State);
    }

    /// <summary>A container that was asked to end by a restart, and has not ended yet.</summary>
    private async Task<string> RestartingAsync(Func<ContainerSpec, ContainerSpec>? change = null)
    {
        var spec = new ContainerSpec { Image = "busybox" };
        var id = (await _engine.Containers.CreateAsync(change is null ? spec : change(spec))).Id;
        await _engine.Containers.StartAsync(id);
        _engine.Runtime.OnSignal = (_, _, _) => { };
        _ = _engine.Containers.RestartAsync(id, Timeout.InfiniteTimeSpan);
        await Eventually.HoldsAsync(() => !_engine.Runtime.Signals.IsEmpty, "it is asked to end");
        return id;
    }

    private Task RunsAgainAsync(string id)
    {
        return Eventually.HoldsAsync(
            async () => (await _engine.Containers.InspectAsync(id)) is { State: ContainerState.Running, ExitCode: 0 }, "it runs again");
    }
}
