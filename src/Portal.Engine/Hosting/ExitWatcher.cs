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
                await Task.Delay(s_pause, time, CancellationToken.None).ConfigureAwait(false);
            }
        }

        await Task.WhenAll(_handling.Keys).ConfigureAwait(false);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        await foreach (var exit in runtime.WatchExitsAsync(cancellationToken).ConfigureAwait(false))
        {
            var task = HandleAsync(exit);
            _handling.TryAdd(task, 0);
            _ = task.ContinueWith(
                done => _handling.TryRemove(done, out _),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    private async Task HandleAsync(ProcessExit exit)
    {
        // Off the watch at once, so that no handling can hold up the others.
        await Task.Yield();
        try
        {
            if (exit.ExecId is not null)
            {
                await execs.HandleAsync(exit).ConfigureAwait(false);
            }
            else
            {
                await containers.HandleAsync(exit).ConfigureAwait(false);
                execs.HandleContainerExit(exit.ContainerId);
            }
        }
        catch (Exception failure)
        {
            LogHandlingFailed(failure, exit.ContainerId);
        }
    }
}
