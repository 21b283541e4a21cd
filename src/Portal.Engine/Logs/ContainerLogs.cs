using System.Runtime.CompilerServices;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Logs.Files;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Storage;

namespace Portal.Engine.Logs;

/// <summary>Reads logs from the files that the monitors write.</summary>
internal sealed class ContainerLogs(ContainerRegistry registry, IFolderWatcher watcher, TimeProvider time) : IContainerLogs
{
    public async IAsyncEnumerable<LogRecord> ReadAsync(
        string container,
        LogQuery query,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var found = registry.Get(container);
        if (!LogDriverOptions.CanBeRead(found.Spec.LogDriver, found.Spec.LogOptions))
        {
            throw EngineException.Conflict("configured logging driver does not support reading");
        }

        var signal = new LogSignal();
        using var watch = query.Follow ? Watch(found, query, signal) : null;
        using var cursor = Begin(new LogFileSet(found.Folder.Log), query);
        while (true)
        {
            // Looked at before the reading: what was written until the end is read still.
            var last = !query.Follow || HasEnded(found, query);
            while (cursor.Read() is { } block)
            {
                cancellationToken.ThrowIfCancellationRequested();
                while (block.TryTake(out var record))
                {
                    // A page from the middle of a long log must not cost what is after it.
                    if (query.TailWithinTime && record.Time > query.Until)
                    {
                        yield break;
                    }

                    if (LogFilter.IsWanted(query, record))
                    {
                        yield return record;
                    }
                }
            }

            if (last)
            {
                yield break;
            }

            await signal.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static LogCursor Begin(LogFileSet files, LogQuery query)
    {
        if (query.Tail is { } tail)
        {
            return LogTail.Find(files, tail, query);
        }

        // A rotated file that was last written before the wanted time holds nothing of it.
        var begin = files.Rotated()
            .Cast<int?>()
            .FirstOrDefault(number => query.Since is not { } since
                || File.GetLastWriteTimeUtc(files.RotatedPath(number!.Value)) >= since.UtcDateTime);
        return new LogCursor(files, begin ?? files.Current(), 0, query.Follow ? null : LogEnd.Of(files));
    }

    private bool HasEnded(Container container, LogQuery query)
    {
        var runs = container.Info.State
            is ContainerState.Running or ContainerState.Paused or ContainerState.Restarting;
        return (!runs && !container.IsRestarting) || container.Removed.IsCompleted || time.GetUtcNow() > query.Until;
    }

    private LogWatch Watch(Container container, LogQuery query, LogSignal signal)
    {
        try
        {
            var folder = watcher.Watch(container.Folder.Logs, signal.Set);
            return new LogWatch(container, folder, UntilTimer(query, signal), signal);
        }
        catch (DirectoryNotFoundException)
        {
            throw EngineException.NotFound($"No such container: {container.Id}");
        }
    }

    private ITimer? UntilTimer(LogQuery query, LogSignal signal)
    {
        // A little late, so that the time is over when the reader looks.
        var left = query.Until - time.GetUtcNow() + TimeSpan.FromMilliseconds(10);
        return left is { } delay && delay > TimeSpan.Zero && delay < TimeSpan.FromDays(30)
            ? time.CreateTimer(_ => signal.Set(), null, delay, Timeout.InfiniteTimeSpan)
            : null;
    }
}
