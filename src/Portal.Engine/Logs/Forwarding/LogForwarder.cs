using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Logs.Files;
using Portal.Engine.Logs.Forwarding.Options;
using Portal.Engine.Storage;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>
/// Sends the logs of containers to where their drivers say. It reads the files that the monitors write, so a receiver that is slow or away
/// holds no container up, and an engine that starts anew goes on where the last one stopped.
/// </summary>
internal sealed partial class LogForwarder(
    LogSinks sinks,
    IFolderWatcher watcher,
    IDurableFiles files,
    TimeProvider time,
    ILogger<LogForwarder> logger) : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private readonly ILogger<LogForwarder> _logger = logger;

    /// <summary>
    /// Begins to send a container's log, unless that goes on already. The caller holds its lock. Called before the
    /// program is let run: then even
    /// one that is removed with its end loses nothing, as its file is open.
    /// </summary>
    public void Watch(Container container)
    {
        if (container.IsForwarded || !LogDriverOptions.Forwards(container.Spec.LogDriver) || _stopping.IsCancellationRequested)
        {
            return;
        }

        container.IsForwarded = true;
        var cursor = Open(container);
        var task = Task.Run(() => RunAsync(container, cursor), CancellationToken.None);
        _running.TryAdd(task, 0);
        task.ContinueWith(
            done => _running.TryRemove(done, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Where a container asks for it (<c>fluentd-async=false</c>), sees whether its receiver is there.</summary>
    /// <exception cref="EngineException">Unavailable: it is not.</exception>
    public async Task CheckAsync(Container container, CancellationToken cancellationToken)
    {
        var spec = container.Spec;
        if (spec.LogDriver != "fluentd" || !FluentdOptions.Parse(new OptionValues(spec.LogOptions)).MustBeThere)
        {
            return;
        }

        var sink = sinks.Make(container.Info);
        await using (sink.ConfigureAwait(false))
        {
            try
            {
                await sink.ConnectAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IOException failure)
            {
                throw new EngineException(
                    EngineErrorKind.Unavailable,
                    $"failed to initialize logging driver: {failure.Message}. Without fluentd-async=false the container "
                    + "starts all the same, and its lines are sent once the receiver is there.",
                    failure);
            }
        }
    }

    /// <summary>Lets go of all; how far each log was sent is written down.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running.Keys).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private static LogCursor Open(Container container)
    {
        var chain = new LogFileSet(container.Folder.Log);
        var position = LogPosition.Load(container.Folder.Forwarded)
            ?? new LogPosition(chain.Rotated() is [var oldest, ..] ? oldest : chain.Current(), 0);
        var cursor = new LogCursor(chain, position.Number, position.Offset);
        cursor.Hold();
        return cursor;
    }

    private async Task RunAsync(Container container, LogCursor cursor)
    {
        try
        {
            using (cursor)
            {
                using var sending = new LogForwarding(container, cursor, files, time, new Troubles(this, container));
                var sink = sinks.Make(container.Info);
                await using (sink.ConfigureAwait(false))
                {
                    await FollowAsync(container, sending, sink).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next engine goes on.
        }
        catch (Exception failure)
        {
            LogBroken(failure, container.Id);
            container.IsForwarded = false;
        }
    }

    private async Task FollowAsync(Container container, LogForwarding sending, ILogSink sink)
    {
        var signal = new LogSignal();
        using var watch = Watch(container, signal);
        while (true)
        {
            // Looked at before the reading: what was written until the end is sent still.
            var ended = !IsAlive(container);
            await sending.SendAllAsync(sink, _stopping.Token).ConfigureAwait(false);
            if (ended && await TryEndAsync(container).ConfigureAwait(false))
            {
                return;
            }

            if (!ended)
            {
                await signal.WaitAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
    }

    // Under the lock, so that a start either sees that it must begin anew, or is seen here.
    private async Task<bool> TryEndAsync(Container container)
    {
        using (await container.Lock.AcquireAsync(_stopping.Token).ConfigureAwait(false))
        {
            container.IsForwarded = IsAlive(container);
            return !container.IsForwarded;
        }
    }

    private static bool IsAlive(Container container) =>
        !container.Removed.IsCompleted && (container.IsRunning || container.Record.Starting);

    private LogWatch? Watch(Container container, LogSignal signal)
    {
        try
        {
            return new LogWatch(container, watcher.Watch(container.Folder.Logs, signal.Set), null, signal);
        }
        catch (DirectoryNotFoundException)
        {
            // Removed already: what is in the open file is sent still.
            return null;
        }
    }

    [LoggerMessage(2311, LogLevel.Warning, "The log of container {ContainerId} can't be sent by '{Driver}' now: {Reason}")]
    private partial void LogNotSent(string containerId, string driver, string reason);

    [LoggerMessage(2312, LogLevel.Error, "The log of container {ContainerId} is no longer sent in this run of it")]
    private partial void LogBroken(Exception exception, string containerId);

    [LoggerMessage(2313, LogLevel.Warning, "{Lines} lines of container {ContainerId} were dropped: its receiver did not take them")]
    private partial void LogDropped(long lines, string containerId);

    private sealed class Troubles(LogForwarder forwarder, Container container) : ILogTroubles
    {
        public void NotSent(IOException failure) => forwarder.LogNotSent(container.Id, container.Spec.LogDriver, failure.Message);

        public void Dropped(long lines) => forwarder.LogDropped(lines, container.Id);
    }
}
