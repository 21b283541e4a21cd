using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portal.Engine.Containers.Execs;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Runtime;

namespace Portal.Engine.Hosting;

/// <summary>Hands every end of a process to whom it concerns; ends of different containers are handled side by side.</summary>
internal sealed partial class ExitWatcher(
    IContainerRuntime runtime,
    ContainerExits containers,
    Execs execs,
    TimeProvider time,
    ILogger<ExitWatcher> logger)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Task, byte> _handling = new();
    private readonly ILogger<ExitWatcher> _logger = logger;

    /// <summary>Watches until it is stopped, and ends when what it has begun is done.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await WatchAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failure)
            {
                // Exits stay written down until they are handled: a new watch reports them all again.
                LogWatchBroken(failure);
                await PauseAsync(s_pause, cancellationToken).ConfigureAwait(false);
            }
        }

        await Task.WhenAll(_handling.Keys).ConfigureAwait(false);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var exit in runtime.WatchExitsAsync(cancellationToken).ConfigureAwait(false))
        {
            var task = HandleAsync(exit, cancellationToken);
            _handling.TryAdd(task, 0);
            _ = task.ContinueWith(
                done => _handling.TryRemove(done, out _),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    private async Task HandleAsync(ProcessExit exit, CancellationToken cancellationToken)
    {
        // Off the watch at once, so that no handling can hold up the others.
        await Task.Yield();
        for (var pause = s_pause; !cancellationToken.IsCancellationRequested; pause = Longer(pause))
        {
            try
            {
                await HandleOnceAsync(exit).ConfigureAwait(false);
                return;
            }
            catch (Exception failure)
            {
                // Mostly a full disk: what could not be written down is written when there is room.
                LogHandlingFailed(failure, exit.ContainerId);
                await PauseAsync(pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private Task HandleOnceAsync(ProcessExit exit) =>
        exit.ExecId is null ? containers.HandleAsync(exit) : execs.HandleAsync(exit);

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
}
