namespace Portal.Engine.Images.Space;

/// <summary>The disk space of images: how much it is, and how to get it back.</summary>
public interface IImageSpace
{
    /// <summary>Reads the sizes from what is in memory; no file is walked.</summary>
    ImageSpaceUsage Measure();

    /// <summary>
    /// Tells what <see cref="PruneAsync"/> would remove, and how much that would free, when it was called now with the same choice.
    /// Removes nothing.
    /// </summary>
    /// <param name="selects">Chooses among the images that are here.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task<PrunePreview> PreviewAsync(Func<ImageSummary, bool> selects, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes the chosen images that no container uses, with all of their names, and then the layers and blobs that
    /// nothing needs: those of the images, and what pulls that were broken off left. Safe beside pulls, loads and creations.
    /// </summary>
    /// <param name="selects">Chooses among the images that are here.</param>
    /// <param name="cancellationToken">Stops between two images.</param>
    Task<ImagesPruned> PruneAsync(Func<ImageSummary, bool> selects, CancellationToken cancellationToken = default);
}
