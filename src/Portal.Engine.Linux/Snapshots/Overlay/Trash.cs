using Microsoft.Extensions.Logging;
using Portal.Engine.Linux.Interop.Folders;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>
/// The folder that removed layers and roots are renamed into. Whoever removes something does not wait until its files are gone: a thread
/// of its own removes them, goes on with them at the next start, and ends when there is nothing left. One for each data folder; any thread.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="logger">Told of what can't be removed.</param>
/// <param name="release">Called with each path before anything of it is removed: takes away what is mounted in it.</param>
internal sealed partial class Trash(string folder, ILogger logger, Action<string> release) : IDisposable
{
    // Several threads wait for the journal and the disk at the same time; more of them only wait for each other.
    public const int Workers = 4;

    // Below this share of free space it is worth waiting for what is about to become free.
    private const double ScarceShare = 0.1;
    private readonly ILogger _logger = logger;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _emptying = Task.CompletedTask;
    private bool _isWorking;
    private bool _hasMore;
    private bool _isDisposed;

    /// <summary>A path in the trash that nothing has: folders are renamed to it, and <see cref="Empty"/> is called then.</summary>
    /// <param name="what">What it was, for whoever looks at the folder.</param>
    public string NewPath(string what) => Path.Combine(folder, $"{what}-{Path.GetRandomFileName()}");

    /// <summary>Begins to remove what is in the trash, unless that goes on; returns at once.</summary>
    public void Empty()
    {
        lock (_gate)
        {
            // Not whether the task has ended: it may have looked for more already, and be about to.
            _hasMore = _isWorking;
            if (!_isWorking && !_isDisposed)
            {
                _isWorking = true;
                _emptying = Task.Factory.StartNew(
                    Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Waits until what was thrown away by now takes no space any more.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _emptying.WaitAsync(cancellationToken);
        }
    }

    /// <summary>As <see cref="WaitAsync"/>, but only when the disk is nearly full.</summary>
    public Task WaitWhenScarceAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _isWorking && IsScarce() ? _emptying.WaitAsync(cancellationToken) : Task.CompletedTask;
        }
    }

    /// <summary>Stops between two files; the next start goes on.</summary>
    public void Dispose()
    {
        Task emptying;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            emptying = _emptying;
        }

        _stop.Cancel();
        emptying.GetAwaiter().GetResult();
        _stop.Dispose();

        // The next start goes on with the files; no mount is to wait for it.
        foreach (var path in List())
        {
            TryRelease(path);
        }
    }

    private bool IsScarce()
    {
        var drive = new DriveInfo(folder);
        return drive.AvailableFreeSpace < drive.TotalSize * ScarceShare;
    }

    private void Work()
    {
        do
        {
            // What can't be removed now is left to the next removal or start: trying again at once would change nothing.
            foreach (var path in List())
            {
                Remove(path);
            }
        }
        while (HasMore());
    }

    private string[] List()
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (IOException failure)
        {
            LogTrashKept(failure, folder);
            return [];
        }
    }

    private bool HasMore()
    {
        lock (_gate)
        {
            var hasMore = _hasMore && !_stop.IsCancellationRequested;
            _hasMore = false;
            _isWorking = hasMore;
            return hasMore;
        }
    }

    private void Remove(string path)
    {
        if (!TryRelease(path))
        {
            return;
        }

        try
        {
            FolderTree.Remove(path, Workers, _stop.Token);
        }
        catch (IOException failure)
        {
            LogTrashKept(failure, path);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The next start goes on.
        }
    }

    private bool TryRelease(string path)
    {
        try
        {
            release(path);
            return true;
        }
        catch (IOException failure)
        {
            LogTrashKept(failure, path);
            return false;
        }
    }
}
