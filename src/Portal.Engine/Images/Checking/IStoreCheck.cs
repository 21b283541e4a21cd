namespace Portal.Engine.Images.Checking;

/// <summary>
/// Looks whether all that this engine stores of images is there and as it was written, and mends what is not: what <c>fsck</c> is to a
/// file system.
/// </summary>
/// <remarks>
/// <para>
/// It checks that each blob has the digest that is its name, that each unpacked layer is as its record says, that each image has its
/// configuration, manifest, layers and their blobs and that these name each other, and that each container's root stands on layers
/// that are here.
/// </para>
/// <para>
/// A layer is unpacked again from its blob. What is missing otherwise is fetched from a registry that the image came from; without one, a
/// blob of a layer is written again from the unpacked layer where that gives the same bytes, and a lost manifest is made anew. An image that can't be mended keeps its place and carries a mark (<see cref="ImageSummary.Problem"/>) until it is pulled
/// or loaded again. Damaged content is removed, since it is worth nothing, and so is what nothing uses.
/// </para>
/// <para>Safe beside pulls, loads, builds, removals and running containers. One check runs at a time.</para>
/// </remarks>
public interface IStoreCheck
{
    /// <summary>Checks the whole store.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="progress">Told how far it is, at most every 100 ms, and at once of each problem.</param>
    /// <param name="cancellationToken">Stops between two steps; what was mended stays mended.</param>
    /// <exception cref="Errors.EngineException">Conflict: a check runs already.</exception>
    Task<StoreCheckReport> RunAsync(
        StoreCheckRequest request, IProgress<StoreCheckProgress>? progress = null, CancellationToken cancellationToken = default);
}
