using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Runtime.Conmon;

/// <summary>
/// Tells of ends of processes: conmon renames a file with the exit code into the process's folder, and inotify(7)
/// says so at once. The
/// file stays until the process's folder is removed, so nothing is missed while nobody watches.
/// </summary>
internal sealed class ExitWatcher : IDisposable
{
    private const int UnknownCode = 255;
    private const int ToldBeforePruning = 4096;

    private readonly RuntimeLayout _layout;
    private readonly CgroupTree _cgroups;
    private readonly ConcurrentDictionary<int, (string ContainerId, string? ExecId)> _watched = new();
    private readonly LostMonitors _lost;
    private readonly Lock _gate = new();
    private readonly List<Channel<ProcessExit>> _subscribers = [];
    private readonly Lazy<Inotify> _inotify;

    public ExitWatcher(RuntimeLayout layout, CgroupTree cgroups, LostMonitors lost)
    {
        _lost = lost;
        _layout = layout;
        _cgroups = cgroups;
        _inotify = new Lazy<Inotify>(() => new Inotify(OnAppeared, watch => _watched.TryRemove(watch, out _), ReportAll));
    }

    /// <summary>Begins to watch a process's folder; before the process is started.</summary>
    public void Watch(string containerId, string? execId)
    {
        var watch = _inotify.Value.Add(Folder(containerId, execId).Root);
        if (watch >= 0)
        {
            _watched[watch] = (containerId, execId);
        }
    }

    /// <summary>All ends that are written down, then each as it comes.</summary>
    public async IAsyncEnumerable<ProcessExit> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<ProcessExit>(new UnboundedChannelOptions { SingleReader = true });
        lock (_gate)
        {
            _subscribers.Add(channel);
        }

        try
        {
            // What ends between these two steps comes twice; the set of what was told keeps the second back.
            WatchAll();
            ReportAll();
            var told = new HashSet<(string, string?, DateTimeOffset)>();
            await foreach (var exit in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                if (told.Add((exit.ContainerId, exit.ExecId, exit.FinishedAt)))
                {
                    yield return exit;
                }

                if (told.Count > ToldBeforePruning)
                {
                    told.RemoveWhere(entry => !Folder(entry.Item1, entry.Item2).Exists);
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _subscribers.Remove(channel);
            }
        }
    }

    /// <summary>How a process ended; null while it has not.</summary>
    public ProcessExit? Read(string containerId, string? execId)
    {
        var folder = Folder(containerId, execId);
        try
        {
            var text = File.ReadAllText(folder.ExitFile);
            var known = int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code);
            var outOfMemory = execId is null
                && (File.Exists(folder.OutOfMemory) || OutOfMemoryRecord.Read(_cgroups, containerId) > 0);
            return new ProcessExit(
                containerId,
                execId,
                known ? code & 0xff : UnknownCode,
                new DateTimeOffset(File.GetLastWriteTimeUtc(folder.ExitFile)),
                outOfMemory)
            {
                OutputIsKept = execId is not null && File.Exists(folder.Output),
            };
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (_inotify.IsValueCreated)
        {
            _inotify.Value.Dispose();
        }
    }

    private ProcessFolder Folder(string containerId, string? execId)
    {
        return execId is null ? _layout.Container(containerId) : _layout.Exec(containerId, execId);
    }

    private void WatchAll()
    {
        foreach (var (containerId, execId) in ListAll())
        {
            Watch(containerId, execId);
        }
    }

    private void ReportAll()
    {
        foreach (var (containerId, execId) in ListAll())
        {
            Report(containerId, execId);
            SettleIfLost(containerId, execId);
        }
    }

    private void SettleIfLost(string containerId, string? execId)
    {
        if (MonitorProcess.IsLost(Folder(containerId, execId)))
        {
            // Waits for processes to end, which must not hold up the reports of others; it logs what goes wrong.
            _ = Task.Run(() => _lost.SettleAsync(containerId, execId));
        }
    }

    private IEnumerable<(string ContainerId, string? ExecId)> ListAll()
    {
        foreach (var containerId in _layout.ListContainers())
        {
            yield return (containerId, null);
            foreach (var execId in _layout.ListExecs(containerId))
            {
                yield return (containerId, execId);
            }
        }
    }

    private void OnAppeared(int watch, string name)
    {
        if (!_watched.TryGetValue(watch, out var process))
        {
            return;
        }

        switch (name)
        {
            case ProcessFolder.ExitName:
                Report(process.ContainerId, process.ExecId);
                break;

            // conmon holds this FIFO open for writing for as long as it lives, and nobody else does: it has been
            // closed, so conmon is gone.
            case ProcessFolder.MonitorLifeName:
                SettleIfLost(process.ContainerId, process.ExecId);
                break;
        }
    }

    private void Report(string containerId, string? execId)
    {
        if (Read(containerId, execId) is not { } exit)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var subscriber in _subscribers)
            {
                subscriber.Writer.TryWrite(exit);
            }
        }
    }
}
