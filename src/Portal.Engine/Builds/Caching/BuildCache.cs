using System.Collections.Concurrent;
using Portal.Engine.Content;
using Portal.Engine.Images.Store;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Builds.Caching;

/// <summary>
/// Results of steps by a key of all that went into them. It holds the layers of its records against collection, from before the engine's
/// first collection to their pruning.
/// </summary>
internal sealed class BuildCache(
    CacheFolder folder, ContentStore content, ContentLeases leases, ImageStore images, UnneededBlobs unneeded, ISnapshotter snapshotter,
    ILayerMaintenance layers, TimeProvider time) : IDisposable
{
    // A use is written down when the last one on the disk is older: which records go first is decided in hours.
    private static readonly TimeSpan s_usePrecision = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Kept> _records = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _active = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _isLoaded;

    /// <summary>Reads the records of earlier processes. Those whose layer is gone are dropped.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isLoaded)
            {
                return;
            }

            content.Noted += Follow;
            foreach (var record in await Task.Run(() => folder.ReadAll().ToList(), cancellationToken).ConfigureAwait(false))
            {
                await KeepAsync(record, cancellationToken).ConfigureAwait(false);
            }

            _isLoaded = true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The result of a step with this key, or null. Being found counts as a use.</summary>
    public CacheRecord? Find(string key)
    {
        if (!_records.TryGetValue(key, out var kept) || !IsWhole(kept.Record))
        {
            return null;
        }

        var used = kept.Record with { LastUsed = time.GetUtcNow(), Uses = kept.Record.Uses + 1 };
        var isDue = used.LastUsed - kept.Written >= s_usePrecision;
        _records[key] = kept with { Record = used, Written = isDue ? used.LastUsed : kept.Written };
        if (isDue)
        {
            folder.Write(used);
        }

        return used;
    }

    /// <summary>Keeps a result. The caller's lease holds its layer until then.</summary>
    public async Task PutAsync(CacheRecord record, CancellationToken cancellationToken)
    {
        await KeepAsync(record with { LastUsed = record.Created }, cancellationToken).ConfigureAwait(false);
        folder.Write(_records.TryGetValue(record.Key, out var kept) ? kept.Record : record);
    }

    /// <summary>Marks a record as in use until the build ends.</summary>
    public void Begin(string key) => _active.AddOrUpdate(key, 1, (_, count) => count + 1);

    public void End(string key) => _active.AddOrUpdate(key, 0, (_, count) => count - 1);

    public IReadOnlyList<BuildCacheEntry> List()
    {
        var shared = images.Index.ChainIds.ToHashSet(StringComparer.Ordinal);
        return [.. _records.Values
            .Select(kept => kept.Record)
            .Select(record => new BuildCacheEntry(
                record.Key, "regular", record.Description, record.Size, record.Created, record.LastUsed, record.Uses,
                IsActive(record.Key), record.ChainId is { } chainId && shared.Contains(chainId))
            {
                Parents = record.Parent is { } parent && _records.ContainsKey(parent) ? [parent] : [],
            })];
    }

    /// <summary>Forgets a record, unless a build uses it. <see cref="CollectAsync"/> removes its layer.</summary>
    public bool TryRemove(string key)
    {
        if (IsActive(key) || !_records.TryRemove(key, out var kept))
        {
            return false;
        }

        folder.Delete(key);
        kept.Dispose();
        if (Digest.TryParse(kept.Record.DiffId, out var diffId) && content.FindBlob(diffId) is { } blob)
        {
            unneeded.TryRemove(blob);
        }

        return true;
    }

    /// <summary>Removes layers that nothing needs any more.</summary>
    public Task CollectAsync(CancellationToken cancellationToken) => leases.CollectLayersAsync(
        held => layers.CollectLayersAsync(held.Concat(images.Index.ChainIds).ToHashSet(), cancellationToken), cancellationToken);

    public void Dispose()
    {
        content.Noted -= Follow;
        _gate.Dispose();
    }

    // A push has compressed the layer, say: what a build finds here is that one, and the plain one can go.
    private void Follow(Digest diffId)
    {
        var layer = diffId.ToString();
        foreach (var kept in _records.Values.Where(kept => kept.Record.DiffId == layer))
        {
            HoldBlob(kept);
        }
    }

    private bool IsActive(string key) => _active.GetValueOrDefault(key) > 0;

    private bool IsWhole(CacheRecord record)
    {
        return record.ChainId is null
            || (snapshotter.HasLayer(record.ChainId) && Digest.TryParse(record.DiffId, out var diffId)
                && content.FindBlob(diffId) is not null);
    }

    private async Task KeepAsync(CacheRecord record, CancellationToken cancellationToken)
    {
        var next = new Kept(record, leases.Begin(), new HeldBlob(leases), record.LastUsed);
        if (Digest.TryParse(record.ChainId, out var chainId))
        {
            // Held first, looked at then: in between nothing can be collected.
            await next.Layer.HoldLayersAsync([chainId], cancellationToken).ConfigureAwait(false);
            HoldBlob(next);
        }

        if (!IsWhole(record))
        {
            next.Dispose();
            folder.Delete(record.Key);
            return;
        }

        Kept? before = null;
        _records.AddOrUpdate(record.Key, _ => next, (_, old) =>
        {
            before = old;
            return next;
        });
        before?.Dispose();

        // Once more: what was noted before it stood here was told to nobody.
        HoldBlob(next);
    }

    private void HoldBlob(Kept kept)
    {
        if (!Digest.TryParse(kept.Record.DiffId, out var diffId))
        {
            return;
        }

        for (Digest? held = null; content.FindBlob(diffId) is { } blob && blob != held; held = blob)
        {
            kept.Blob.Set(blob);
        }
    }

    /// <param name="Record">What is kept.</param>
    /// <param name="Layer">Holds its layer.</param>
    /// <param name="Blob">Holds the layer's blob.</param>
    /// <param name="Written">The last use that the disk knows.</param>
    private sealed record Kept(CacheRecord Record, ContentLease Layer, HeldBlob Blob, DateTimeOffset Written) : IDisposable
    {
        public void Dispose()
        {
            Blob.Dispose();
            Layer.Dispose();
        }
    }
}
