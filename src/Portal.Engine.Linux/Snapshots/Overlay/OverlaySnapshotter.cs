using Microsoft.Extensions.Logging;
using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Folders;
using Portal.Engine.Linux.Snapshots.Entries;
using Portal.Engine.Linux.UserNamespaces;
using Portal.Engine.Runtime.Namespaces;
using Portal.Engine.Snapshots;
using Portal.Engine.Storage;
using Portal.Engine.Trees;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>
/// Layers as folders and roots as overlayfs mounts (see the README beside this file). One for each data folder; any thread.
/// </summary>
internal sealed partial class OverlaySnapshotter : ISnapshotter, ILayerMaintenance, ILayerCheck, ILayerTrees, ILayerWriting,
    IRootFolders, IDisposable
{
    // Held by whoever removes layers, and by whoever puts a root on one: a layer must not go between the look and the use.
    private const string RemovalKey = "/removal";
    private readonly OverlayPaths _paths;
    private readonly LayerTable _layers;
    private readonly OverlayRoots _roots;
    private readonly TarLimits _limits;
    private readonly TimeProvider _time;
    private readonly KeyedLocks _locks = new();
    private readonly Trash _trash;

    public OverlaySnapshotter(EngineOptions options, IDurableFiles files, ILogger<OverlaySnapshotter> logger, TimeProvider? time = null)
    {
        _paths = new OverlayPaths(options);
        _limits = options.LayerLimits;
        _time = time ?? TimeProvider.System;
        _trash = new Trash(_paths.Trash, logger, OverlayRoots.Release);
        MakeFolders();
        _layers = new LayerTable(_paths, _trash, files, logger);
        _roots = new OverlayRoots(_paths, _layers, _trash, files, new MappedOverlay(_paths, new MountOwners()));
        _trash.Empty();
    }

    public bool HasLayer(string chainId) => _layers.All.ContainsKey(chainId);

    public IReadOnlyCollection<string> ListLayers() => [.. _layers.All.Keys];

    public IReadOnlyCollection<string> ListLayersSince(DateTimeOffset since) =>
        [.. _layers.All.Values.Where(layer => layer.Unpacked >= since).Select(layer => layer.ChainId)];

    public long GetLayerSize(string chainId) => _layers.Get(chainId).Size;

    public async Task<long> UnpackAsync(
        string chainId, string? parentChainId, string diffId, Stream tar, CancellationToken cancellationToken = default)
    {
        using var held = await _locks.AcquireAsync(chainId, cancellationToken).ConfigureAwait(false);
        if (_layers.All.TryGetValue(chainId, out var present))
        {
            return present.Size;
        }

        await _trash.WaitWhenScarceAsync(cancellationToken).ConfigureAwait(false);
        var staging = Path.Combine(_paths.Staging, _layers.NewShortId());
        try
        {
            var diff = MakeStaged(staging);
            var (_, size) = await LayerUnpacker.UnpackAsync(diff, diffId, tar, _limits, null, cancellationToken).ConfigureAwait(false);
            _layers.Commit(staging, NewLayer(chainId, parentChainId, diffId, size));
            return size;
        }
        catch
        {
            // Not into the trash: when the disk is full, who hears of it may count on what this took.
            FolderTree.Remove(staging, Trash.Workers, CancellationToken.None);
            throw;
        }
    }

    public async Task UnpackNewAsync(
        string? parentChainId, Stream tar, Func<string, Task<string>> nameAsync, Func<TarEntry, SharedFile?>? share = null,
        CancellationToken cancellationToken = default)
    {
        await _trash.WaitWhenScarceAsync(cancellationToken).ConfigureAwait(false);
        var staging = Path.Combine(_paths.Staging, _layers.NewShortId());
        try
        {
            var diff = MakeStaged(staging);
            var shared = share is null ? null : new SharedContent(share);
            var (diffId, size) = await LayerUnpacker.UnpackAsync(diff, null, tar, _limits, shared, cancellationToken)
                .ConfigureAwait(false);
            var chainId = await nameAsync(diffId).ConfigureAwait(false);
            using var held = await _locks.AcquireAsync(chainId, cancellationToken).ConfigureAwait(false);
            if (_layers.All.ContainsKey(chainId))
            {
                FolderTree.Remove(staging, Trash.Workers, CancellationToken.None);
                return;
            }

            _layers.Commit(staging, NewLayer(chainId, parentChainId, diffId, size));
        }
        catch
        {
            // Not into the trash: when the disk is full, who hears of it may count on what this took.
            FolderTree.Remove(staging, Trash.Workers, CancellationToken.None);
            throw;
        }
    }

    public async Task RemoveLayerAsync(string chainId, CancellationToken cancellationToken = default)
    {
        using (await HoldRemovalAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!_layers.All.TryGetValue(chainId, out var layer))
            {
                return;
            }

            if (_layers.All.Values.Any(other => other.Parent == chainId) || _roots.UsedChainIds().Contains(chainId))
            {
                throw EngineException.Conflict($"The layer {chainId} can't be removed: another layer or a container stands on it.");
            }

            _layers.Discard(layer);
        }

        _trash.Empty();
    }

    public async Task PrepareAsync(
        string containerId, string? chainId, IdMapping? ids = null, CancellationToken cancellationToken = default)
    {
        using (await HoldRemovalAsync(cancellationToken).ConfigureAwait(false))
        {
            _roots.Prepare(containerId, chainId, ids);
        }
    }

    public async Task<string> MountAsync(string containerId, CancellationToken cancellationToken = default)
    {
        using var held = await _locks.AcquireAsync(containerId, cancellationToken).ConfigureAwait(false);
        Want(containerId);
        return _roots.Mount(containerId);
    }

    public async Task UnmountAsync(string containerId, CancellationToken cancellationToken = default)
    {
        using var held = await _locks.AcquireAsync(containerId, cancellationToken).ConfigureAwait(false);
        if (TryUnwant(containerId))
        {
            _roots.Unmount(containerId);
        }
    }

    public async Task RemoveAsync(string containerId, CancellationToken cancellationToken = default)
    {
        using (await _locks.AcquireAsync(containerId, cancellationToken).ConfigureAwait(false))
        {
            _roots.Discard(containerId);
        }

        _trash.Empty();
    }

    public Task<RootUsage> GetUsageAsync(string containerId, CancellationToken cancellationToken = default)
    {
        return Task.Run(() => _roots.Measure(containerId, cancellationToken), cancellationToken);
    }

    public async Task CollectAsync(
        IReadOnlySet<string> liveChainIds, IReadOnlySet<string> liveContainerIds, CancellationToken cancellationToken = default)
    {
        await CollectRootsAsync(liveContainerIds, cancellationToken).ConfigureAwait(false);
        await CollectLayersAsync(liveChainIds, cancellationToken).ConfigureAwait(false);
    }

    public async Task CollectRootsAsync(IReadOnlySet<string> liveContainerIds, CancellationToken cancellationToken = default)
    {
        foreach (var containerId in _roots.List().Where(id => !liveContainerIds.Contains(id)))
        {
            await RemoveAsync(containerId, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<IReadOnlyList<string>> CollectLayersAsync(
        IReadOnlySet<string> liveChainIds, CancellationToken cancellationToken = default)
    {
        List<string> removed;
        using (await HoldRemovalAsync(cancellationToken).ConfigureAwait(false))
        {
            var unneeded = FindUnneeded(liveChainIds);
            unneeded.ForEach(_layers.Discard);
            removed = unneeded.ConvertAll(layer => layer.ChainId);
        }

        _trash.Empty();
        return removed;
    }

    public IReadOnlyCollection<string> FindUnneededLayers(IReadOnlySet<string> liveChainIds) =>
        FindUnneeded(liveChainIds).ConvertAll(layer => layer.ChainId);

    private List<LayerRecord> FindUnneeded(IReadOnlySet<string> liveChainIds)
    {
        var needed = new HashSet<string>();
        foreach (var top in liveChainIds.Concat(_roots.UsedChainIds()))
        {
            needed.UnionWith(_layers.Lineage(top));
        }

        return _layers.All.Values.Where(layer => !needed.Contains(layer.ChainId)).ToList();
    }

    public Task FlushAsync(IReadOnlyCollection<string> chainIds, CancellationToken cancellationToken = default)
    {
        var pending = chainIds.SelectMany(_layers.Chain).Where(layer => !layer.IsFlushed).DistinctBy(layer => layer.ChainId).ToList();
        return pending.Count == 0 ? Task.CompletedTask : Task.Run(() => Flush(pending), cancellationToken);
    }

    public Task WaitForSpaceAsync(CancellationToken cancellationToken = default) => _trash.WaitAsync(cancellationToken);

    public void Dispose()
    {
        // It may be at work on the mount.
        _trash.Dispose();
        _roots.Dispose();
    }

    private void Flush(List<LayerRecord> layers)
    {
        // One pass for all files of all layers; a second, which is short, for the marks that say so.
        using var root = FileCalls.OpenFolder(_paths.Root);
        FileCalls.FlushFileSystem(root, _paths.Root);
        _layers.MarkFlushed(layers);
        FileCalls.FlushFileSystem(root, _paths.Root);
    }

    private void MakeFolders()
    {
        Directory.CreateDirectory(_paths.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var folder in new[] { _paths.Layers, _paths.Staging, _paths.Trash, _paths.Roots, _paths.Empty })
        {
            Directory.CreateDirectory(folder);
        }

        // Nothing is in the making when an engine starts: what is there is of one that was killed.
        foreach (var staging in Directory.EnumerateDirectories(_paths.Staging))
        {
            MountCalls.Unmount(staging);
            Directory.Move(staging, _trash.NewPath("staged"));
        }
    }

    private ValueTask<IDisposable> HoldRemovalAsync(CancellationToken cancellationToken)
    {
        return _locks.AcquireAsync(RemovalKey, cancellationToken);
    }

    private static string MakeStaged(string staging)
    {
        var diff = LayerTable.StagedDiff(staging);
        Directory.CreateDirectory(diff);
        File.SetUnixFileMode(diff, (UnixFileMode)0x1ED); // 0755, unless the archive says otherwise
        return diff;
    }

    private LayerRecord NewLayer(string chainId, string? parentChainId, string diffId, long size) => new()
    {
        ChainId = chainId, Parent = parentChainId, DiffId = diffId, Size = size, BootId = "", Unpacked = _time.GetUtcNow(),
    };
}
