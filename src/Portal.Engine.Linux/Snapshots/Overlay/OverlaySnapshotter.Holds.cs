namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>
/// Roots that somebody looks into while their containers come and go. A root has one mount at a time: two with the same writable folder
/// would show each other's changes late or never.
/// </summary>
internal sealed partial class OverlaySnapshotter
{
    private readonly Dictionary<string, int> _holds = new(StringComparer.Ordinal);

    // Held roots that nobody else wants mounted any more.
    private readonly HashSet<string> _unwanted = new(StringComparer.Ordinal);

    /// <summary>Mounts a root, unless it is, and keeps it mounted.</summary>
    public async Task<RootHold> HoldAsync(string rootId, CancellationToken cancellationToken)
    {
        using var held = await _locks.AcquireAsync(rootId, cancellationToken).ConfigureAwait(false);
        var wasMounted = _roots.IsMountedRoot(rootId);
        var path = _roots.Mount(rootId);
        lock (_holds)
        {
            _holds[rootId] = _holds.GetValueOrDefault(rootId) + 1;
            if (!wasMounted)
            {
                _unwanted.Add(rootId);
            }
        }

        return new RootHold(path, _roots.IdsOf(rootId), () => ReleaseAsync(rootId));
    }

    private async ValueTask ReleaseAsync(string rootId)
    {
        using var held = await _locks.AcquireAsync(rootId, CancellationToken.None).ConfigureAwait(false);
        if (IsLastAndUnwanted(rootId))
        {
            _roots.Unmount(rootId);
        }
    }

    private bool IsLastAndUnwanted(string rootId)
    {
        lock (_holds)
        {
            var left = --_holds[rootId];
            if (left > 0)
            {
                return false;
            }

            _holds.Remove(rootId);
            return _unwanted.Remove(rootId);
        }
    }

    private void Want(string rootId)
    {
        lock (_holds)
        {
            _unwanted.Remove(rootId);
        }
    }

    /// <summary>True when a root may be unmounted now; else that is done when the last hold ends.</summary>
    private bool TryUnwant(string rootId)
    {
        lock (_holds)
        {
            if (!_holds.ContainsKey(rootId))
            {
                return true;
            }

            _unwanted.Add(rootId);
            return false;
        }
    }
}
