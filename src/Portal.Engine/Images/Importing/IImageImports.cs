namespace Portal.Engine.Images.Importing;

/// <summary>Makes images of file system archives, as <c>docker import</c> does.</summary>
public interface IImageImports
{
    /// <summary>
    /// Makes an image of one layer. The archive is read once, front to back, in constant memory; it may be compressed as those that
    /// <see cref="IImages.LoadAsync"/> takes.
    /// </summary>
    /// <param name="archive">A tar archive, such as <c>docker export</c> writes; not disposed.</param>
    /// <param name="request">What the image is to be.</param>
    /// <param name="progress">Told of the unpacking.</param>
    /// <param name="cancellationToken">Stops it; nothing is left.</param>
    /// <exception cref="Errors.EngineException">InvalidArgument: no archive, one that breaks our bounds or leads out of the root, or a
    /// malformed name or change. Unavailable: the disk is full.</exception>
    Task<ImageDetails> ImportAsync(
        Stream archive,
        ImageImport request,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default);
}
