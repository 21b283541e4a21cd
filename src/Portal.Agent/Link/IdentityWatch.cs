namespace Portal.Agent.Link;

/// <summary>Holds the identity of the moment, and tells when <c>join</c> or <c>leave</c> has changed it.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class IdentityWatch : IDisposable
{
    private readonly IdentityStore _store;
    private readonly ILogger<IdentityWatch> _logger;
    private readonly FileSystemWatcher _watcher;
    private readonly Lock _lock = new();
    private AgentIdentity? _current;
    private CancellationTokenSource _changed = new();

    public IdentityWatch(IdentityStore store, ILogger<IdentityWatch> logger)
    {
        _store = store;
        _logger = logger;
        _watcher = new FileSystemWatcher(store.Folder, "identity.json");
        _watcher.Created += (_, _) => Reload();
        _watcher.Changed += (_, _) => Reload();
        _watcher.Deleted += (_, _) => Reload();
        _watcher.Renamed += (_, _) => Reload();
        _watcher.EnableRaisingEvents = true;
        Reload();
    }

    /// <summary>The identity, and a token that is cancelled when it changes.</summary>
    public (AgentIdentity? Identity, CancellationToken Changed) Current
    {
        get
        {
            lock (_lock)
            {
                return (_current, _changed.Token);
            }
        }
    }

    /// <summary>Waits until there is an identity.</summary>
    public async Task<(AgentIdentity Identity, CancellationToken Changed)> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (identity, changed) = Current;
            if (identity is not null)
            {
                return (identity, changed);
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(changed, cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, either.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _changed.Dispose();
    }

    private void Reload()
    {
        CancellationTokenSource? changed = null;
        lock (_lock)
        {
            var loaded = LoadOrNull();
            if (loaded != _current)
            {
                _current = loaded;
                changed = _changed;
                _changed = new CancellationTokenSource();
            }
        }

        // Not disposed: whoever still holds its token may register on it.
        changed?.Cancel();
    }

    private AgentIdentity? LoadOrNull()
    {
        try
        {
            return _store.Load();
        }
        catch (LinkException failure)
        {
            LogDamaged(failure.Message, failure);
            return null;
        }
    }

    [LoggerMessage(3101, LogLevel.Error, "{Problem}")]
    private partial void LogDamaged(string problem, Exception failure);
}
