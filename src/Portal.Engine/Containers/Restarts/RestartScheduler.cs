using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Containers.States;

namespace Portal.Engine.Containers.Restarts;

/// <summary>Starts containers again that wait for it in the state Restarting.</summary>
internal sealed partial class RestartScheduler(
    ContainerStarter starter,
    TimeProvider time,
    ILogger<RestartScheduler> logger) : IDisposable
{
    // How long a full disk is given to get some room.
    private static readonly TimeSpan s_afterBreak = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly ILogger<RestartScheduler> _logger = logger;

    /// <summary>Waits out the back-off and starts it. The caller holds the container's lock.</summary>
    public void Schedule(Container container) => Schedule(container, RestartBackOff.Delay(container.Record.ShortRuns));

    private void Schedule(Container container, TimeSpan delay)
    {
        var calledOff = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        container.PendingRestart = calledOff;
        var task = RestartAsync(container, delay, calledOff);
        _running.TryAdd(task, 0);
        task.ContinueWith(
            done => _running.TryRemove(done, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Calls a restart off. The caller holds the container's lock.</summary>
    public static void CallOff(Container container)
    {
        container.PendingRestart?.Cancel();
        container.PendingRestart = null;
    }

    /// <summary>Lets go of all: what waits stays in the state Restarting, and the next engine starts it.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running.Keys).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RestartAsync(Container container, TimeSpan delay, CancellationTokenSource calledOff)
    {
        var cancellationToken = calledOff.Token;
        try
        {
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
            using (await container.Lock.AcquireAsync(cancellationToken).ConfigureAwait(false))
            {
                if (container.PendingRestart == calledOff && container.Record.State == ContainerState.Restarting)
                {
                    container.PendingRestart = null;
                    await StartAsync(container).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Called off by a person, or the engine stops.
        }
        catch (Exception failure)
        {
            // The record could not be written, mostly for a full disk: the container stays in Restarting, and is tried again.
            LogRestartBroken(failure, container.Id);
            await TryAgainAsync(container, calledOff).ConfigureAwait(false);
        }
        finally
        {
            if (container.PendingRestart == calledOff)
            {
                container.PendingRestart = null;
            }

            calledOff.Dispose();
        }
    }

    // In a new task, which a stop of the engine or of the container finds like the first one.
    private async Task TryAgainAsync(Container container, CancellationTokenSource calledOff)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        using (await container.Lock.AcquireAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (container.Record.State == ContainerState.Restarting
                && !calledOff.IsCancellationRequested
                && (container.PendingRestart is null || container.PendingRestart == calledOff))
            {
                Schedule(container, s_afterBreak);
            }
        }
    }

    private async Task StartAsync(Container container)
    {
        var record = container.Record;
        try
        {
            // Not to be cancelled: a start that has begun is finished before the engine lets go.
            await starter.StartAsync(
                container, record with { RestartCount = record.RestartCount + 1 }, CancellationToken.None)
                .ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            LogRestartFailed(failure, container.Id);
            Settle(container);
        }
    }

    // A start that failed counts as an end with the code of the failure.
    private void Settle(Container container)
    {
        var ended = container.Record with
        {
            FinishedAt = time.GetUtcNow(),
            ShortRuns = container.Record.ShortRuns + 1,
        };
        var again = RestartDecision.AfterExit(container.Spec.RestartPolicy, ended);
        var step = again ? ContainerStep.BackOff : ContainerStep.End;
        container.Change(ended with { State = ContainerSteps.Take(container.Id, ended.State, step) });
        container.SignalExit(ended.ExitCode);
        if (again)
        {
            Schedule(container);
        }
    }
}
