using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>
/// Monitors of containers that are about to be made, spawned ahead: to load a monitor takes as long as it does to mount a root and to make a
/// network namespace, so it is done beside that.
/// </summary>
/// <remarks>
/// One for the whole process; any thread. An engine that is killed leaves one that reads the end of its channel, goes on, finds no bundle, or
/// one that is whole, and ends, or has made a container that never runs: the next engine collects either.
/// </remarks>
internal sealed partial class WaitingMonitors(MonitorLauncher launcher, ILogger<WaitingMonitors> logger)
{
    private readonly ConcurrentDictionary<string, Task<MonitorLaunch?>> _waiting = new(StringComparer.Ordinal);

    /// <summary>Begins to spawn a container's monitor; returns at once.</summary>
    /// <param name="containerId">Whose. Whoever calls this takes or ends it.</param>
    /// <param name="prepare">Makes its folder and says what to start.</param>
    public void Begin(string containerId, Func<Task<MonitorRequest>> prepare) =>
        _waiting.TryAdd(containerId, Task.Run(() => TrySpawnAsync(containerId, prepare)));

    /// <summary>Gives a container's monitor away.</summary>
    /// <returns>Null when there is none for such a request.</returns>
    public async Task<MonitorLaunch?> TakeAsync(string containerId, MonitorRequest request)
    {
        if (!_waiting.TryRemove(containerId, out var spawning) || await spawning.ConfigureAwait(false) is not { } launch)
        {
            return null;
        }

        if (launch.Request == request)
        {
            return launch;
        }

        launch.Dispose();
        return null;
    }

    /// <summary>Ends a container's monitor; nothing happens when there is none.</summary>
    public async Task EndAsync(string containerId)
    {
        if (_waiting.TryRemove(containerId, out var spawning))
        {
            (await spawning.ConfigureAwait(false))?.Dispose();
        }
    }

    private async Task<MonitorLaunch?> TrySpawnAsync(string containerId, Func<Task<MonitorRequest>> prepare)
    {
        try
        {
            return launcher.Begin(await prepare().ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            // It is tried again when the container is made, which then fails with the reason.
            LogNotSpawned(exception, containerId);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The monitor of container '{ContainerId}' could not be spawned ahead")]
    private partial void LogNotSpawned(Exception exception, string containerId);
}
