using Portal.Engine.Builds.Execution.Mounts;

namespace Portal.Engine.Builds.Caching;

/// <summary>Chooses what goes from the cache: results of steps and folders of cache mounts alike, the longest unused first.</summary>
internal sealed class CachePruner(BuildCache cache, CacheMounts mounts, CacheLimitsFile limits, TimeProvider time)
{
    public IReadOnlyList<BuildCacheEntry> List() =>
        [.. cache.List().Concat(mounts.List()).OrderBy(entry => entry.LastUsed).ThenBy(entry => entry.Id, StringComparer.Ordinal)];

    /// <summary>What a pruning would remove now.</summary>
    public IReadOnlyList<BuildCacheEntry> Select(BuildCachePruning pruning)
    {
        var entries = List();
        var newest = time.GetUtcNow() - (pruning.UnusedFor ?? TimeSpan.Zero);
        var left = entries.Sum(entry => entry.Size);
        var selected = new List<BuildCacheEntry>();
        foreach (var entry in entries)
        {
            if ((pruning.KeepBytes == 0 || left > pruning.KeepBytes)
                && (pruning.UnusedFor is null || entry.LastUsed <= newest)
                && IsMeant(entry, pruning))
            {
                selected.Add(entry);
                left -= entry.Size;
            }
        }

        return selected;
    }

    public async Task<BuildCachePruned> PruneAsync(BuildCachePruning pruning, CancellationToken cancellationToken)
    {
        await cache.LoadAsync(cancellationToken).ConfigureAwait(false);
        var removed = new List<BuildCacheEntry>();
        foreach (var entry in Select(pruning))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (entry.Kind == CacheMounts.Kind ? mounts.TryRemove(entry.Id) : cache.TryRemove(entry.Id))
            {
                removed.Add(entry);
            }
        }

        if (removed.Exists(entry => entry.Kind != CacheMounts.Kind))
        {
            await cache.CollectAsync(cancellationToken).ConfigureAwait(false);
        }

        return new BuildCachePruned([.. removed.Select(entry => entry.Id)], Freed(removed));
    }

    /// <summary>Removes what is beyond the limits.</summary>
    public async Task<BuildCachePruned> TrimAsync(CancellationToken cancellationToken)
    {
        var (bytes, unused) = limits.Current;
        var old = unused is null
            ? new BuildCachePruned([], 0)
            : await PruneAsync(new BuildCachePruning { UnusedFor = unused }, cancellationToken).ConfigureAwait(false);
        var surplus = bytes == 0
            ? new BuildCachePruned([], 0)
            : await PruneAsync(new BuildCachePruning { KeepBytes = bytes }, cancellationToken).ConfigureAwait(false);
        return new BuildCachePruned([.. old.Ids, .. surplus.Ids], old.FreedBytes + surplus.FreedBytes);
    }

    /// <summary>Bytes that go with these. A layer that an image has too stays.</summary>
    public static long Freed(IEnumerable<BuildCacheEntry> entries) => entries.Where(entry => !entry.Shared).Sum(entry => entry.Size);

    private static bool IsMeant(BuildCacheEntry entry, BuildCachePruning pruning)
    {
        return !entry.InUse
            && !(pruning.KeepShared && (entry.Shared || entry.Size == 0))
            && (pruning.Kind is null || entry.Kind == pruning.Kind)
            && (pruning.Description is null || entry.Description == pruning.Description)
            && (pruning.IsShared is null || entry.Shared == pruning.IsShared)
            && (pruning.Ids.Count == 0 || pruning.Ids.Any(id => entry.Id.StartsWith(id, StringComparison.Ordinal)));
    }
}
