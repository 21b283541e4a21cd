using Portal.Engine.Containers;
using Portal.Engine.Containers.Restarts;
using Portal.Engine.Errors;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

public sealed class RestartPolicyTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Always_ShortRuns_BacksOffTwiceAsLongEachTime()
    {
        var id = await StartedAsync(new RestartPolicy(RestartPolicyKind.Always));
        foreach (var (delay, count) in new[] { (100, 1), (200, 2), (400, 3) })
        {
            await EndAsync(id, 0, ContainerState.Restarting);
            _engine.Time.Advance(TimeSpan.FromMilliseconds(delay - 1));
            Assert.Equal(ContainerState.Restarting, (await InspectAsync(id)).State);
            _engine.Time.Advance(TimeSpan.FromMilliseconds(1));
            await StateAsync(id, ContainerState.Running);
            Assert.Equal(count, (await InspectAsync(id)).RestartCount);
        }
    }

    [Fact]
    public async Task Always_LongRun_BeginsTheBackOffAnew()
    {
        var id = await StartedAsync(new RestartPolicy(RestartPolicyKind.Always));
        for (var round = 0; round < 4; round++)
        {
            await EndAsync(id, 1, ContainerState.Restarting);
            _engine.Time.Advance(TimeSpan.FromMinutes(1));
            await StateAsync(id, ContainerState.Running);
        }

        _engine.Time.Advance(TimeSpan.FromSeconds(10));
        await EndAsync(id, 1, ContainerState.Restarting);
        _engine.Time.Advance(TimeSpan.FromMilliseconds(100));
        await StateAsync(id, ContainerState.Running);
    }

    [Fact]
    public async Task OnFailure_Success_StaysExited()
    {
        var id = await StartedAsync(new RestartPolicy(RestartPolicyKind.OnFailure));
        await EndAsync(id, 0, ContainerState.Exited);
        Assert.Equal(0, (await InspectAsync(id)).RestartCount);
    }

    [Fact]
    public async Task OnFailure_Maximum_GivesUpAfterSoManyRestarts()
    {
        var id = await StartedAsync(new RestartPolicy(RestartPolicyKind.OnFailure, 2));
        for (var round = 0; round < 2; round++)
        {
            await EndAsync(id, 1, ContainerState.Restarting);
            _engine.Time.Advance(TimeSpan.FromSeconds(1));
            await StateAsync(id, ContainerState.Running);
        }

        await EndAsync(id, 1, ContainerState.Exited);
        Assert.Equal(2, (await InspectAsync(id)).RestartCount);
    }

    [Fact]
    public async Task Always_StoppedByPerson_StaysExitedUntilStarted()
    {
        var id = await StartedAsync(new RestartPolicy(RestartPolicyKind.Always));
        await _engine.Containers.StopAsync(id);
        Assert.Equal(ContainerState.Exited, (await InspectAsync(id)).State);

        await _engine.Containers.StartAsync(id);
        await EndAsync(id, 0, ContainerState.Restarting);
    }

    [Fact]
    public async Task Stop_DuringBackOff_CallsTheRestartOff()
    {
        var id = await StartedAsync(new RestartPolicy(RestartPolicyKind.Always));
        await EndAsync(id, 0, ContainerState.Restarting);

        Assert.True(await _engine.Containers.StopAsync(id));
        _engine.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(ContainerState.Exited, (await InspectAsync(id)).State);
        Assert.Single(_engine.Runtime.Created);
    }

    [Fact]
    public async Task Start_DuringBackOff_RunsAtOnceAndOnlyOnce()
    {
        var id = await StartedAsync(new RestartPolicy(RestartPolicyKind.Always));
        await EndAsync(id, 0, ContainerState.Restarting);

        Assert.True(await _engine.Containers.StartAsync(id));
        _engine.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(ContainerState.Running, (await InspectAsync(id)).State);
        Assert.Equal(0, (await InspectAsync(id)).RestartCount);
        Assert.Equal(2, _engine.Runtime.Created.Count);
    }

    [Fact]
    public async Task Remove_DuringBackOff_Forced_RemovesIt()
    {
        var id = await StartedAsync(new RestartPolicy(RestartPolicyKind.Always));
        await EndAsync(id, 0, ContainerState.Restarting);

        await _engine.Containers.RemoveAsync(id, force: true);
        _engine.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Empty(await _engine.Containers.ListAsync());
        Assert.Empty(_engine.Snapshotter.Roots);
    }

    [Fact]
    public async Task Restart_StartFails_BacksOffFurther()
    {
        var id = await StartedAsync(new RestartPolicy(RestartPolicyKind.Always));
        _engine.Runtime.OnCreate = _ => throw new EngineException(EngineErrorKind.Unavailable, "not now");
        await EndAsync(id, 0, ContainerState.Restarting);
        _engine.Time.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.HoldsAsync(async () => (await InspectAsync(id)).Error == "not now");

        _engine.Runtime.OnCreate = _ => Task.CompletedTask;
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(TimeSpan.FromMilliseconds(200)));
        _engine.Time.Advance(TimeSpan.FromMilliseconds(200));
        await StateAsync(id, ContainerState.Running);
    }

    private async Task<string> StartedAsync(RestartPolicy policy)
    {
        var created = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", RestartPolicy = policy });
        await _engine.Containers.StartAsync(created.Id);
        return created.Id;
    }

    private async Task EndAsync(string id, int exitCode, ContainerState then)
    {
        var wait = _engine.Containers.WaitAsync(id, WaitCondition.NextExit);
        _engine.Runtime.End(id, exitCode);
        Assert.Equal(exitCode, await wait);
        await StateAsync(id, then);
        if (then == ContainerState.Restarting)
        {
            var delays = Enumerable.Range(1, 11).Select(RestartBackOff.Delay).ToArray();
            await Eventually.HoldsAsync(() => _engine.Time.Waiting.Any(delays.Contains), "it waits out the back-off");
        }

        // The handling holds the lock until it has set the timer.
        await using var streams = then == ContainerState.Restarting ? null : await _engine.Containers.AttachAsync(id);
    }

    private Task StateAsync(string id, ContainerState state)
    {
        return Eventually.HoldsAsync(async () => (await InspectAsync(id)).State == state, $"state {state}");
    }

    private Task<ContainerInfo> InspectAsync(string id) => _engine.Containers.InspectAsync(id);
}
