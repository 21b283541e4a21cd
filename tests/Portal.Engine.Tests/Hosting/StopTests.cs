using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Restarts;
using Portal.Engine.Hosting;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Hosting;

/// <summary>An engine stops while a container's start, which is not broken off, is under way.</summary>
public sealed class StopTests : IAsyncLifetime
{
    private readonly RecordingLogger<ContainerEngine> _log = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FakeEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _engine = await FakeEngine.StartAsync(services => services.AddSingleton<ILogger<ContainerEngine>>(_log));
    }

    public async Task DisposeAsync()
    {
        _held.TrySetResult();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task Stop_TimeIsUp_EndsWithAWarningAndTheStartIsFinished()
    {
        var id = await StartingAgainAsync();

        await Engine.StopAsync(new CancellationToken(canceled: true));

        Assert.Contains(_log.Entries, entry => entry.StartsWith("Warning: The time to stop is up", StringComparison.Ordinal));
        _held.SetResult();
        await _engine.RestartAsync();
        var info = await _engine.Containers.InspectAsync(id);
        Assert.Equal((ContainerState.Running, 1), (info.State, info.RestartCount));
    }

    [Fact]
    public async Task Stop_InTime_WaitsForTheStart()
    {
        await StartingAgainAsync();

        var stop = Engine.StopAsync();

        Assert.False(stop.IsCompleted);
        _held.SetResult();
        await stop;
        Assert.DoesNotContain(_log.Entries, entry => entry.StartsWith("Warning", StringComparison.Ordinal));
    }

    private IEngine Engine => _engine.Services.GetRequiredService<IEngine>();

    private async Task<string> StartingAgainAsync()
    {
        var spec = new ContainerSpec { Image = "busybox", RestartPolicy = new RestartPolicy(RestartPolicyKind.Always) };
        var id = (await _engine.Containers.CreateAsync(spec)).Id;
        await _engine.Containers.StartAsync(id);
        var starts = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.Runtime.OnStart = _ =>
        {
            starts.TrySetResult();
            return _held.Task;
        };
        _engine.Runtime.End(id, 0);

        // Its state is written down before its back-off begins.
        await Eventually.HoldsAsync(() => _engine.Time.Waiting.Contains(RestartBackOff.Delay(0)), "the back-off begins");
        _engine.Time.Advance(TimeSpan.FromSeconds(1));
        await starts.Task.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(30)));
        return id;
    }
}
