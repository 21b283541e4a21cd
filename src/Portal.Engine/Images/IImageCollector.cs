namespace Portal.Engine.Images;

/// <summary>Removes what no image needs: remains of pulls that were broken off or killed.</summary>
public interface IImageCollector
{
    /// <summary>
    /// Removes blobs and layers that no image, no container's root and no pull in progress needs. Safe at any time. The
    /// engine calls it at its start and every hour with <see cref="Hosting.EngineOptions.BrokenPullRetention"/>.
    /// </summary>
    /// <param name="minimumAge">Leaves blobs and layers alone that were written more recently.</param>
    /// <param name="cancellationToken">Stops between two removals.</param>
    /// <returns>Bytes of blobs that are gone.</returns>
    Task<long> CollectAsync(TimeSpan minimumAge, CancellationToken cancellationToken = default);
}
