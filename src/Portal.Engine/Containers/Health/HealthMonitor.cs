using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Containers.Serving;
using Portal.Engine.Errors;

namespace Portal.Engine.Containers.Health;

/// <summary>Probes the running containers that have a check, each in its own rhythm, and writes down what came of it.</summary>
/// <remarks>A container is watched from its start, or the engine's, to its end. While it is paused, nothing is probed.</remarks>
internal sealed partial class HealthMonitor(
    HealthProbe probe,
    ContainerEvents events,
    ContainerServing serving,
    TimeProvider time,
    ILogger<HealthMonitor> logger) : IDisposable
{
    private const int MostUnhealthy = 1024;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly Channel<string> _unhealthy = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MostUnhealthy) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly ILogger<HealthMonitor> _logger = logger;

    /// <summary>Ids of containers that have just become unhealthy, or were when the engine found them.</summary>
    public ChannelReader<string> Unhealthy => _unhealthy.Reader;

    /// <summary>Begins to probe a container that runs. The caller holds its lock.</summary>
    public void Watch(Container container)
    {
        CallOff(container);
        if (HealthRules.Command(container.Spec) is null || _stopping.IsCancellationRequested)
        {
            serving.Look(container);
            return;
        }

        if (container.Record.Health is null)
        {
            // An engine without health checks started it.
            container.Change(container.Record with { Health = HealthRules.AtStart(container.Spec, null) });
        }

        serving.Look(container);
        if (container.Record.Health!.Status == HealthStatus.Unhealthy)
        {
            // The engine that saw it become so may have been killed before it did anything about it.
            _unhealthy.Writer.TryWrite(container.Id);
        }

        var watch = new CancellationTokenSource();
        container.HealthWatch = watch;
        var task = RunAsync(container, watch);
        _running.TryAdd(task, 0);
        task.ContinueWith(
            done => _running.TryRemove(done, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Ends the probing of a container. The caller holds its lock.</summary>
    public static void CallOff(Container container)
    {
        container.HealthWatch?.Cancel();
        container.HealthWatch = null;
    }

    /// <summary>Lets go of all.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running.Keys).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(Container container, CancellationTokenSource watch)
    {
        // Off the caller, who holds the lock.
        await Task.Yield();
        var cancellationToken = watch.Token;

        // Not linked: who calls it off may hold it longer than this runs, so it is never disposed of.
        using var stopping = _stopping.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), watch);
        try
        {
            using var pauses = new PauseWatch(container);
            while (true)
            {
                await WaitAsync(container, pauses, cancellationToken).ConfigureAwait(false);
                var result = await probe.RunAsync(container, cancellationToken).ConfigureAwait(false);

                // A probe that was frozen with its container says nothing.
                if (!pauses.WasPaused)
                {
                    await TryApplyAsync(container, watch, result).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The container has ended, or the engine stops.
        }
        catch (Exception failure)
        {
            LogBroken(failure, container.Id);
        }
    }

    /// <summary>Waits until a probe is due. After a pause, the interval begins anew, as in Docker.</summary>
    private async Task WaitAsync(Container container, PauseWatch pauses, CancellationToken cancellationToken)
    {
        do
        {
            var resumedAt = pauses.WasPaused ? (DateTimeOffset?)null : DateTimeOffset.MinValue;
            await pauses.AwaitRunningAsync(cancellationToken).ConfigureAwait(false);
            var record = container.Record;
            var now = time.GetUtcNow();
            var from = record.StartedAt ?? now;
            var delay = HealthRules.NextIn(container.Spec.Healthcheck!, record.Health!, from, now, resumedAt ?? now);
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
        }
        while (pauses.WasPaused);
    }

    private async Task TryApplyAsync(Container container, CancellationTokenSource watch, HealthResult result)
    {
        try
        {
            await ApplyAsync(container, watch, result).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or EngineException)
        {
            // A full disk: the verdict stays as it is until one can be written.
            LogNotWritten(failure, container.Id);
            await Task.Delay(TimeSpan.FromSeconds(1), time, watch.Token).ConfigureAwait(false);
        }
    }

    private async Task ApplyAsync(Container container, CancellationTokenSource watch, HealthResult result)
    {
        using (await container.Lock.AcquireAsync(watch.Token).ConfigureAwait(false))
        {
            if (container.HealthWatch != watch || container.Record.State != ContainerState.Running)
            {
                return;
            }

            var before = container.Record.Health!;
            var startedAt = container.Record.StartedAt ?? result.Start;
            var after = HealthRules.After(before, container.Spec.Healthcheck!, result, startedAt);
            container.Change(container.Record with { Health = after });
            if (after.Status != before.Status)
            {
                serving.Look(container);
                events.Publish(container, $"health_status: {after.Status.ToString().ToLowerInvariant()}");
            }

            if (after.Status == HealthStatus.Unhealthy && before.Status != HealthStatus.Unhealthy)
            {
                _unhealthy.Writer.TryWrite(container.Id);
            }
        }
    }
}
