using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Snapshots;

/// <summary>
/// Layers as folders, and containers' root file systems as union mounts of them.
/// </summary>
/// <remarks>
/// <para>
/// A layer is keyed by its <em>chain id</em> (image-spec, <c>config.md</c>, "Layer ChainID"): the digest of a layer together
/// with all below it. A layer is unpacked once, whatever number of images and containers use it, and is never written afterwards.
/// </para>
/// <para>
/// A container's root is keyed by the container's id: the layers of its image, read-only, with a writable folder on top. It is
/// prepared once, mounted whenever the container runs, and removed with it.
/// </para>
/// <para>
/// Everything is idempotent, so that whoever was killed half-way can do it again. A layer that was not committed is invisible and is
/// removed by <see cref="CollectAsync"/>.
/// </para>
/// </remarks>
public interface ISnapshotter
{
    /// <summary>True when the layer is unpacked and committed.</summary>
    bool HasLayer(string chainId);

    /// <summary>
    /// Unpacks one layer. Needs no other layer: a whiteout (image-spec, <c>layer.md</c>) becomes overlayfs's own mark, so layers may be
    /// unpacked in any order and in parallel.
    /// </summary>
    /// <param name="chainId">The layer's chain id.</param>
    /// <param name="parentChainId">The chain id of the layer below, or null for the lowest.</param>
    /// <param name="diffId">The digest that the uncompressed stream must have.</param>
    /// <param name="tar">The uncompressed tar stream, read front to back.</param>
    /// <param name="cancellationToken">Stops; what was unpacked is removed.</param>
    /// <returns>Bytes of file content in the layer.</returns>
    /// <exception cref="Errors.EngineException">InvalidArgument: the stream has another digest, is malformed, leads out of the layer, or breaks a bound. Unavailable: the disk is full.</exception>
    Task<long> UnpackAsync(string chainId, string? parentChainId, string diffId, Stream tar, CancellationToken cancellationToken = default);

    /// <summary>Bytes of file content in a layer.</summary>
    long GetLayerSize(string chainId);

    /// <summary>Removes a layer that nothing uses.</summary>
    Task RemoveLayerAsync(string chainId, CancellationToken cancellationToken = default);

    /// <summary>Makes the writable root of a container on top of an image's layers (null: of nothing).</summary>
    /// <param name="containerId">Whose.</param>
    /// <param name="chainId">The topmost layer.</param>
    /// <param name="ids">
    /// Whom the mounted root shows as owners: the host's ids that stand for those of the layers. What is written into it is kept with the ids
    /// inside. Null for no difference.
    /// </param>
    /// <param name="cancellationToken">Stops it.</param>
    Task PrepareAsync(string containerId, string? chainId, IdMapping? ids = null, CancellationToken cancellationToken = default);

    /// <summary>Mounts the container's root and returns its path. Does nothing when it is mounted.</summary>
    Task<string> MountAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>Takes the mount away. Does nothing when there is none.</summary>
    Task UnmountAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>Unmounts and removes the container's writable root. Does nothing when there is none.</summary>
    Task RemoveAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>
    /// What the container's root takes: the files of its writable layer and the layers below. Walks the writable layer on a thread of its
    /// own, holding nothing that others wait for, in memory that does not grow with it. The container may run: what it writes and
    /// removes meanwhile may count or not.
    /// </summary>
    /// <param name="containerId">Whose.</param>
    /// <param name="cancellationToken">Stops at the next file.</param>
    /// <exception cref="Errors.EngineException">NotFound: it has no root, or not any more. Internal: the root can't be read.</exception>
    Task<RootUsage> GetUsageAsync(string containerId, CancellationToken cancellationToken = default);

    /// <summary>Removes what no one is known to use: half-made layers, layers outside <paramref name="liveChainIds"/>, roots outside <paramref name="liveContainerIds"/>.</summary>
    Task CollectAsync(
        IReadOnlySet<string> liveChainIds,
        IReadOnlySet<string> liveContainerIds,
        CancellationToken cancellationToken = default);
}
