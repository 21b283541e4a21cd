namespace Portal.Engine.Images;

/// <summary>Removes what no image needs: remains of pulls that were broken off or killed.</summary>
public interface IImageCollector
{
    /// <summary>
    /// Removes blobs and layers that no image, no container's root and no pull in progress needs. Safe at any time. The
    /// engine calls it at its
    /// start with an age that leaves a broken-off pull time to be tried again.
    /// </summary>
    /// <param name="minimumAge">Leaves blobs alone that were written more recently. When it is above zero, layers are
    /// left alone too.</param>
    /// <param name="cancellationToken">Stops between two removals.</param>
    /// <returns>Bytes of blobs that are gone.</returns>
    Task<long> CollectAsync(TimeSpan minimumAge, CancellationToken cancellationToken = default);
}
