using System.Collections.Concurrent;
using Portal.Engine.Runtime.Namespaces;
using Portal.Engine.Snapshots;

namespace Portal.Testing.Engine;

/// <summary>Roots that are only names.</summary>
public sealed class FakeSnapshotter : ISnapshotter, ILayerMaintenance
{
    private readonly ConcurrentDictionary<string, bool> _mountedByRoot = new();

    /// <summary>Called by <see cref="PrepareAsync"/>; may throw.</summary>
    public Func<string, Task> OnPrepare { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called by <see cref="RemoveAsync"/>; may throw.</summary>
    public Func<string, Task> OnRemove { get; set; } = _ => Task.CompletedTask;

    /// <summary>Gives what <see cref="GetUsageAsync"/> does; may throw.</summary>
    public Func<string, CancellationToken, Task<RootUsage>> OnGetUsage { get; set; } = (_, _) => Task.FromResult(new RootUsage(0, 0));

    /// <summary>Called by <see cref="CollectRootsAsync"/>; may throw.</summary>
    public Action OnCollectRoots { get; set; } = () => { };

    public IReadOnlyCollection<string> Roots => _mountedByRoot.Keys.ToList();

    public IReadOnlyCollection<string> Mounted => _mountedByRoot.Where(pair => pair.Value).Select(pair => pair.Key).ToList();

    public bool HasLayer(string chainId) => true;

    public Task<long> UnpackAsync(
        string chainId, string? parentChainId, string diffId, Stream tar, CancellationToken cancellationToken = default)
    {
        return Task.FromResult(0L);
    }

    public long GetLayerSize(string chainId) => 0;

    public Task RemoveLayerAsync(string chainId, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public async Task PrepareAsync(
        string containerId, string? chainId, IdMapping? ids = null, CancellationToken cancellationToken = default)
    {
        await OnPrepare(containerId);
        _mountedByRoot[containerId] = false;
    }

    public Task<string> MountAsync(string containerId, CancellationToken cancellationToken = default)
    {
        if (!_mountedByRoot.TryUpdate(containerId, true, false) && !_mountedByRoot[containerId])
        {
            throw new InvalidOperationException("The root was not prepared.");
        }

        return Task.FromResult("/roots/" + containerId);
    }

    public Task WaitForSpaceAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task UnmountAsync(string containerId, CancellationToken cancellationToken = default)
    {
        _mountedByRoot.TryUpdate(containerId, false, true);
        return Task.CompletedTask;
    }

    public async Task RemoveAsync(string containerId, CancellationToken cancellationToken = default)
    {
        await OnRemove(containerId);
        _mountedByRoot.TryRemove(containerId, out _);
    }

    public Task<RootUsage> GetUsageAsync(string containerId, CancellationToken cancellationToken = default) =>
        OnGetUsage(containerId, cancellationToken);

    public Task CollectAsync(
        IReadOnlySet<string> liveChainIds,
        IReadOnlySet<string> liveContainerIds,
        CancellationToken cancellationToken = default)
    {
        return CollectRootsAsync(liveContainerIds, cancellationToken);
    }

    public Task FlushAsync(IReadOnlyCollection<string> chainIds, CancellationToken cancellationToken = default)
    {
        return Task.CompletedTask;
    }

    public IReadOnlyCollection<string> ListLayers() => [];

    public IReadOnlyCollection<string> FindUnneededLayers(IReadOnlySet<string> liveChainIds) => [];

    public IReadOnlyCollection<string> ListLayersSince(DateTimeOffset since) => [];

    public Task<IReadOnlyList<string>> CollectLayersAsync(
        IReadOnlySet<string> liveChainIds,
        CancellationToken cancellationToken = default)
    {
        return Task.FromResult<IReadOnlyList<string>>([]);
    }

    public Task CollectRootsAsync(IReadOnlySet<string> liveContainerIds, CancellationToken cancellationToken = default)
    {
        OnCollectRoots();
        foreach (var id in _mountedByRoot.Keys.Where(id => !liveContainerIds.Contains(id)))
        {
            _mountedByRoot.TryRemove(id, out _);
        }

        return Task.CompletedTask;
    }
}
