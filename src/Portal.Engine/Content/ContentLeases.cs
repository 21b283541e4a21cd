namespace Portal.Engine.Content;

/// <summary>
/// What work in progress needs and no image refers to yet. Collection asks here before it removes anything. Leases end with the process:
/// what a killed pull left is not needed by anyone.
/// </summary>
internal sealed class ContentLeases : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _layerGate = new(1, 1);
    private readonly Dictionary<string, int> _held = [];

    public ContentLease Begin() => new(this);

    public void Dispose() => _layerGate.Dispose();

    /// <summary>
    /// Removes something unless it is held or needed, with no chance for a lease to begin in between. Held is asked first: whoever lets
    /// go has made an image need it before.
    /// </summary>
    public bool TryRemove(Digest digest, Func<bool> isNeeded, Action remove)
    {
        lock (_gate)
        {
            if (_held.ContainsKey(digest.ToString()) || isNeeded())
            {
                return false;
            }

            remove();
            return true;
        }
    }

    /// <summary>True while someone holds it.</summary>
    public bool IsHeld(Digest digest)
    {
        lock (_gate)
        {
            return _held.ContainsKey(digest.ToString());
        }
    }

    /// <summary>Runs a collection of layers while no lease on further layers can begin.</summary>
    public async Task<T> CollectLayersAsync<T>(Func<IReadOnlySet<string>, Task<T>> collect, CancellationToken cancellationToken)
    {
        await _layerGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await collect(Held()).ConfigureAwait(false);
        }
        finally
        {
            _layerGate.Release();
        }
    }

    internal async Task HoldLayersAsync(IEnumerable<Digest> chainIds, Action<Digest> hold, CancellationToken cancellationToken)
    {
        await _layerGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var chainId in chainIds)
            {
                hold(chainId);
            }
        }
        finally
        {
            _layerGate.Release();
        }
    }

    internal void Add(Digest digest)
    {
        lock (_gate)
        {
            _held[digest.ToString()] = _held.GetValueOrDefault(digest.ToString()) + 1;
        }
    }

    internal void Remove(IEnumerable<Digest> digests)
    {
        lock (_gate)
        {
            foreach (var key in digests.Select(digest => digest.ToString()))
            {
                if (--_held[key] == 0)
                {
                    _held.Remove(key);
                }
            }
        }
    }

    /// <summary>What is held at this moment.</summary>
    public HashSet<string> Held()
    {
        lock (_gate)
        {
            return [.. _held.Keys];
        }
    }
}
