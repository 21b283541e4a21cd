using System.Collections.Concurrent;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Errors;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Containers.Sizes;

/// <inheritdoc cref="IContainerSizes"/>
internal sealed class ContainerSizes(ContainerRegistry registry, ISnapshotter snapshotter) : IContainerSizes, IDisposable
{
    /// <summary>Walks at the same time. More would only take the disk from the containers.</summary>
    internal const int MostWalks = 4;

    private readonly SemaphoreSlim _turns = new(MostWalks);

    public Task<RootUsage?> MeasureAsync(string container, CancellationToken cancellationToken = default) =>
        WalkAsync(registry.Get(container).Id, cancellationToken);

    public async Task<IReadOnlyDictionary<string, RootUsage>> MeasureAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default)
    {
        var sizes = new ConcurrentDictionary<string, RootUsage>(StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = MostWalks, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(ids, options, async (id, token) =>
        {
            if (await WalkAsync(id, token).ConfigureAwait(false) is { } size)
            {
                sizes[id] = size;
            }
        }).ConfigureAwait(false);
        return sizes;
    }

    public void Dispose() => _turns.Dispose();

    private async Task<RootUsage?> WalkAsync(string id, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await snapshotter.GetUsageAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException)
        {
            // Removed meanwhile, or damaged, which a check of the store tells: neither shall take the sizes of the others away.
            return null;
        }
        finally
        {
            _turns.Release();
        }
    }
}
