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

    /// <summary>
    /// Makes an image of an archive at an http or https address, which this host fetches. Redirects are followed, but from HTTPS never to
    /// plain HTTP, and from a public address never into a private network.
    /// </summary>
    /// <param name="source">The address; <c>http://</c> where it names no scheme. A user and password in it are for its own host alone,
    /// and are told nobody.</param>
    /// <param name="request">What the image is to be.</param>
    /// <param name="progress">Told of the download; its item is the address without what is secret in it.</param>
    /// <param name="cancellationToken">Stops it; nothing is left.</param>
    /// <exception cref="Errors.EngineException">As of <see cref="ImportAsync"/>; and NotFound, Unauthenticated, Forbidden or Unavailable by
    /// what the server answered, or did not.</exception>
    Task<ImageDetails> ImportFromAsync(
        string source,
        ImageImport request,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default);
}
