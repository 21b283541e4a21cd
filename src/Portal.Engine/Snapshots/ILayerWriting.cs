using Portal.Engine.Archives;

namespace Portal.Engine.Snapshots;

/// <summary>Makes layers whose digests are known only once their archives are whole, as builds do.</summary>
public interface ILayerWriting
{
    /// <summary>Unpacks an archive while it is still being written.</summary>
    /// <param name="parentChainId">The layer below, or null for the lowest.</param>
    /// <param name="tar">The uncompressed archive.</param>
    /// <param name="nameAsync">
    /// Told the archive's digest, gives the chain id of the layer. What it holds against collection is held before the layer can be seen.
    /// </param>
    /// <param name="share">
    /// Gives for a file of the archive the place on the disk that holds the same bytes, or null: its blocks are shared where the file system
    /// can, and the archive's bytes are hashed alone.
    /// </param>
    /// <param name="cancellationToken">Stops; nothing of the layer is left.</param>
    /// <exception cref="Errors.EngineException">As <see cref="ISnapshotter.UnpackAsync"/> gives them.</exception>
    Task UnpackNewAsync(
        string? parentChainId, Stream tar, Func<string, Task<string>> nameAsync, Func<TarEntry, SharedFile?>? share = null,
        CancellationToken cancellationToken = default);
}
