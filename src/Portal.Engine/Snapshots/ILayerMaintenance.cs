namespace Portal.Engine.Snapshots;

/// <summary>What the image store asks of layers besides <see cref="ISnapshotter"/>: durability and collection.</summary>
public interface ILayerMaintenance
{
    /// <summary>
    /// Waits until layers are on the disk. A layer that is not flushed survives the end of the process, but is dropped when the machine
    /// goes down: whoever records durably that a layer is there flushes it first.
    /// </summary>
    /// <param name="chainIds">The layers, with all below them.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task FlushAsync(IReadOnlyCollection<string> chainIds, CancellationToken cancellationToken = default);

    /// <summary>The chain ids of all layers that are here.</summary>
    IReadOnlyCollection<string> ListLayers();

    /// <summary>The chain ids of the layers that were unpacked at a time or later.</summary>
    /// <param name="since">The time.</param>
    IReadOnlyCollection<string> ListLayersSince(DateTimeOffset since);

    /// <summary>
    /// Removes layers that neither the caller nor any container's root needs. Layers below a needed one are needed too.
    /// </summary>
    /// <param name="liveChainIds">Layers to keep.</param>
    /// <param name="cancellationToken">Stops between two layers.</param>
    /// <returns>The chain ids of the layers that are gone.</returns>
    Task<IReadOnlyList<string>> CollectLayersAsync(IReadOnlySet<string> liveChainIds, CancellationToken cancellationToken = default);

    /// <summary>The chain ids of the layers that <see cref="CollectLayersAsync"/> would remove now.</summary>
    /// <param name="liveChainIds">Layers to keep.</param>
    IReadOnlyCollection<string> FindUnneededLayers(IReadOnlySet<string> liveChainIds);

    /// <summary>
    /// Waits until what was removed by now takes no space on the disk any more. Removed layers and roots are out of sight at once, but their
    /// files go one by one.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task WaitForSpaceAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes roots of containers that are not known any more.</summary>
    /// <param name="liveContainerIds">Containers whose roots to keep.</param>
    /// <param name="cancellationToken">Stops between two roots.</param>
    Task CollectRootsAsync(IReadOnlySet<string> liveContainerIds, CancellationToken cancellationToken = default);
}
