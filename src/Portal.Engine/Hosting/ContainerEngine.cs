using Microsoft.Extensions.Logging;
using Portal.Engine.Builds;
using Portal.Engine.Containers.Health;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Containers.Restarts;
using Portal.Engine.Containers.Users;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Logs.Rotation;
using Portal.Engine.Snapshots;
using Portal.Engine.Storage;
using Portal.Engine.Volumes;
using Portal.Engine.Volumes.Backups;

namespace Portal.Engine.Hosting;

/// <summary>Starts the parts in their order and stops them in the reverse one.</summary>
internal sealed partial class ContainerEngine(
    EngineOptions options,
    ContainerReconciler reconciler,
    ContainerRegistry registry,
    RestartScheduler restarts,
    RestartRecovery recovery,
    ExitWatcher exits,
    LogRotator rotator,
    HealthMonitor health,
    LogForwarder forwarder,
    UnhealthyRestarter unhealthy,
    ILayerMaintenance layers,
    IImageCollector images,
    LocalVolumes volumes,
    VolumeSizes sizes,
    DiskWatch disk,
    ContainerHolds holds,
    BuildRecovery builds,
    UserMappings mappings,
    CutOffWrites cutOff,
    TimeProvider time,
    ILogger<ContainerEngine> logger) : IEngine, IAsyncDisposable
{
    private static readonly TimeSpan s_collectionInterval = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger<ContainerEngine> _logger = logger;
    private Task _loops = Task.CompletedTask;
    private bool _started;

    public EngineOptions Options { get; } = options;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (_started)
        {
            throw new InvalidOperationException("The engine was started already.");
        }

        _started = true;
        Directory.CreateDirectory(Options.DataRoot);
        Directory.CreateDirectory(Options.RunRoot);
        mappings.Check();
        await TryCollectAsync(() => Task.Run(cutOff.Remove, cancellationToken)).ConfigureAwait(false);
        await reconciler.ReconcileAsync(cancellationToken).ConfigureAwait(false);
        await reconciler.FinishRemovalsAsync().ConfigureAwait(false);
        await TryCollectAsync(() => builds.PrepareAsync(cancellationToken)).ConfigureAwait(false);
        await CollectAsync(cancellationToken).ConfigureAwait(false);
        recovery.Find();
        _loops = Task.WhenAll(
            Task.Run(() => exits.RunAsync(_stopping.Token), CancellationToken.None),
            Task.Run(() => RotateAsync(_stopping.Token), CancellationToken.None),
            Task.Run(() => unhealthy.RunAsync(_stopping.Token), CancellationToken.None),
            Task.Run(() => MeasureAsync(_stopping.Token), CancellationToken.None),
            Task.Run(() => disk.RunAsync(_stopping.Token), CancellationToken.None),
            Task.Run(() => CollectImagesAsync(_stopping.Token), CancellationToken.None));
        await TryCollectAsync(() => builds.CollectAsync(cancellationToken)).ConfigureAwait(false);
        await reconciler.ApplyPoliciesAsync(cancellationToken).ConfigureAwait(false);
        await holds.ReconcileAsync().ConfigureAwait(false);
        _loops = Task.WhenAll(_loops, Task.Run(() => recovery.RunAsync(_stopping.Token), CancellationToken.None));
        LogStarted(Options.Name, registry.Count);
    }

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);

        // One after the other; each is told, although the time may be up before the first has ended.
        var inTime = await EndsAsync(restarts.StopAsync(), cancellationToken).ConfigureAwait(false);
        inTime &= await EndsAsync(forwarder.StopAsync(), cancellationToken).ConfigureAwait(false);
        inTime &= await EndsAsync(health.StopAsync(), cancellationToken).ConfigureAwait(false);
        inTime &= await EndsAsync(_loops, cancellationToken).ConfigureAwait(false);
        if (!inTime)
        {
            LogStopOutOfTime();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <returns>False when the time was up before: what goes on then has an end of its own, and any instruction may be the last.</returns>
    private static async Task<bool> EndsAsync(Task part, CancellationToken cancellationToken)
    {
        try
        {
            await part.WaitAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task RotateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await rotator.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await sizes.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task CollectImagesAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_collectionInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                await TryCollectAsync(() => images.CollectAsync(Options.BrokenPullRetention, cancellationToken)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task CollectAsync(CancellationToken cancellationToken)
    {
        await TryCollectAsync(() => Task.Run(volumes.Collect, cancellationToken)).ConfigureAwait(false);
        await TryCollectAsync(() => layers.CollectRootsAsync(reconciler.Known(), cancellationToken)).ConfigureAwait(false);
        await TryCollectAsync(() => images.CollectAsync(Options.BrokenPullRetention, cancellationToken)).ConfigureAwait(false);
    }

    private async Task TryCollectAsync(Func<Task> collect)
    {
        try
        {
            await collect().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is EngineException or IOException or UnauthorizedAccessException)
        {
            // What is left over takes room and nothing else; the next start tries again.
            LogCollectFailed(failure);
        }
    }
}
