using Portal.Engine.Images;

namespace Portal.Engine.Builds;

/// <summary>
/// Builds images from Dockerfiles: what Docker users know as <c>docker build</c> and <c>docker builder prune</c>.
/// </summary>
/// <remarks>
/// <para>
/// A Dockerfile's stages form a graph: only those that the target needs run, and independent ones run at the same time. Each step that
/// changes files makes a layer, which is kept in a cache under a key of all that went into it: content, never times of files. The cache
/// outlives the engine's process and is shared by all builds.
/// </para>
/// <para>
/// <c>RUN</c> runs in a container of this engine with the same isolation as any other. The context is kept as an archive and never
/// unpacked on the host. Nothing of a build that fails or is cancelled stays but the layers in the cache.
/// </para>
/// <para>All members may be called at the same time from any thread.</para>
/// </remarks>
public interface IBuilder
{
    /// <summary>Builds an image.</summary>
    /// <param name="request">What to build.</param>
    /// <param name="context">
    /// The context as a tar archive, plain or compressed, read once; null when <see cref="BuildRequest.Remote"/> says where it is.
    /// </param>
    /// <param name="progress">Told of every step; called from several threads, one at a time.</param>
    /// <param name="cancellationToken">Stops the build and kills what it runs.</param>
    /// <returns>The image, with the names that were asked for.</returns>
    /// <exception cref="Errors.EngineException">
    /// InvalidArgument: a malformed Dockerfile or context, with file and line, or a step that failed, with its exit code. NotFound: a
    /// base image that neither is here nor can be pulled, or a file that is not in the context. Others as pulling gives them.
    /// </exception>
    Task<ImageDetails> BuildAsync(
        BuildRequest request,
        Stream? context,
        IProgress<BuildEvent>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>What the cache holds, the longest unused first.</summary>
    IReadOnlyList<BuildCacheEntry> ListCache();

    /// <summary>What <see cref="PruneCacheAsync"/> would remove with the same selection now, and how many bytes that would free.</summary>
    /// <param name="pruning">Which.</param>
    (IReadOnlyList<BuildCacheEntry> Entries, long Bytes) PreviewPrune(BuildCachePruning pruning);

    /// <summary>How much the cache may hold.</summary>
    BuildCacheLimits CacheLimits { get; }

    /// <summary>Sets how much the cache may hold from now on, also after the engine's next start, and applies it.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="cancellationToken">Stops between two entries.</param>
    /// <exception cref="Errors.EngineException">InvalidArgument: a negative limit.</exception>
    Task<BuildCachePruned> SetCacheLimitsAsync(BuildCacheLimits limits, CancellationToken cancellationToken = default);

    /// <summary>Removes entries from the cache, and the layers that nothing else needs.</summary>
    /// <param name="pruning">Which.</param>
    /// <param name="cancellationToken">Stops between two entries.</param>
    Task<BuildCachePruned> PruneCacheAsync(BuildCachePruning pruning, CancellationToken cancellationToken = default);
}
