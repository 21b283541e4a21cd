namespace Portal.Engine.Content;

/// <summary>
/// Blobs that nobody needs any more: renamed out of sight at once, removed by a task of its own. Removing a large file takes as long as the
/// kernel needs for its pages and extents, and whoever removes an image has no reason to wait for that. One for each content store; any
/// thread. What an engine that ended left, the next one removes.
/// </summary>
internal sealed class DiscardedBlobs : IDisposable
{
    private readonly string _folder;
    private readonly Lock _gate = new();
    private readonly Queue<string> _paths = new();
    private Task _removing = Task.CompletedTask;
    private bool _isRemoving;
    private bool _isDisposed;

    public DiscardedBlobs(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        Remove(Directory.GetFiles(folder));
    }

    /// <summary>Takes a blob out of sight. Does nothing when it is gone already.</summary>
    public void Add(string path)
    {
        var discarded = Path.Combine(_folder, Path.GetRandomFileName());
        try
        {
            File.Move(path, discarded);
        }
        catch (FileNotFoundException)
        {
            return;
        }

        Remove([discarded]);
    }

    /// <summary>Waits until what was added by now takes no space any more.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _removing.WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        Task removing;
        lock (_gate)
        {
            _isDisposed = true;
            _paths.Clear();
            removing = _removing;
        }

        removing.GetAwaiter().GetResult();
    }

    private void Remove(string[] paths)
    {
        lock (_gate)
        {
            if (_isDisposed || paths.Length == 0)
            {
                return;
            }

            Array.ForEach(paths, _paths.Enqueue);
            if (!_isRemoving)
            {
                _isRemoving = true;
                _removing = Task.Factory.StartNew(
                    Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
        }
    }

    private void Work()
    {
        while (Next() is { } path)
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Out of sight already; the next start tries again.
                continue;
            }
        }
    }

    private string? Next()
    {
        lock (_gate)
        {
            _isRemoving = _paths.TryDequeue(out var path);
            return path;
        }
    }
}
