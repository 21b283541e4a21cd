namespace Portal.Engine.Images;

/// <summary>
/// The images of this engine: what Docker users see as <c>docker images</c>, <c>pull</c>, <c>load</c>, <c>tag</c> and
/// <c>rmi</c>.
/// </summary>
/// <remarks>
/// <para>
/// An image is a configuration blob plus an ordered list of layers. Its id is the digest of the configuration
/// (<c>sha256:</c> and 64 hexadecimal digits), as in Docker. Names (<c>docker.io/library/busybox:latest</c>) point at images;
/// several names may point at one, and an image without a name is dangling.
/// </para>
/// <para>
/// A name that came with an index (a manifest list) stands for the images of all platforms that were pulled or loaded under it. Without a word
/// about the platform it means the one that suits this host best; the others are listed with it (<see cref="ImageSummary.Platforms"/>), pushed,
/// saved and removed with it, and found by their platform or id.
/// </para>
/// <para>
/// Wherever a <c>reference</c> is taken, these are understood, in this order: a full id, a name as users write it
/// (<c>busybox</c>, <c>host:5000/a/b:tag</c>, <c>name@sha256:...</c>), a unique prefix of an id. Docker Hub, <c>library/</c>
/// and <c>:latest</c> are the defaults.
/// </para>
/// <para>
/// All members may be called at the same time from any thread. Nothing half-made is ever visible: an image appears when all
/// of its blobs are verified and all of its layers are unpacked.
/// </para>
/// </remarks>
public interface IImages
{
    /// <summary>All images, newest first.</summary>
    Task<IReadOnlyList<ImageSummary>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>One image with its configuration.</summary>
    /// <exception cref="Errors.EngineException">NotFound: no such image. InvalidArgument: the reference is malformed or an ambiguous prefix.</exception>
    Task<ImageDetails> InspectAsync(string reference, CancellationToken cancellationToken = default);

    /// <summary>One of the images that a reference stands for: the one for a platform.</summary>
    /// <param name="reference">The image.</param>
    /// <param name="platform">The platform, or null for the image that the reference stands for without one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Errors.EngineException">As <see cref="InspectAsync(string, CancellationToken)"/>. NotFound: it is here, but not for
    /// this platform.</exception>
    Task<ImageDetails> InspectAsync(string reference, ImagePlatform? platform, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gets an image from its registry without login. Layers that are there are not fetched again; the others are fetched in
    /// parallel, verified and unpacked.
    /// </summary>
    /// <param name="reference">What to pull, as users write it.</param>
    /// <param name="platform">The platform to choose from an index, or null for the host's.</param>
    /// <param name="progress">Told of every layer; called from several threads, at most every 100 ms for a layer.</param>
    /// <param name="cancellationToken">Stops the pull; what was verified by then is kept for the next one until it is collected.</param>
    /// <exception cref="Errors.EngineException">NotFound: no such repository, tag or platform. Unauthenticated: the registry wants a login. Unavailable: the registry can't be reached, or it broke off. InvalidArgument: malformed reference, or the registry served something that is no valid image.</exception>
    Task<ImageDetails> PullAsync(
        string reference,
        ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Loads every image of an archive written by <c>docker save</c> (docker-archive) or as an OCI image layout (oci-archive), plain or
    /// compressed with gzip, zstd, bzip2 or xz. The stream is read once, front to back, in constant memory.
    /// </summary>
    /// <returns>For each image its name, or its id where it has none.</returns>
    /// <exception cref="Errors.EngineException">InvalidArgument: not an image archive, or it breaks its own digests or our bounds.</exception>
    Task<IReadOnlyList<LoadedImage>> LoadAsync(
        Stream archive,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes <c>busybox:latest</c> from this host's static busybox, so that a first run works without a registry.
    /// </summary>
    /// <exception cref="Errors.EngineException">NotFound: the host has no statically linked busybox.</exception>
    Task<ImageDetails> CreateFromHostBusyboxAsync(CancellationToken cancellationToken = default);

    /// <summary>Gives an image another name. A name that points elsewhere is moved.</summary>
    Task TagAsync(string reference, string newName, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes a name, and the image when that was its last one; by id, all names and the image.
    /// </summary>
    /// <param name="reference">A name or an id.</param>
    /// <param name="force">Remove even when several names point at the given id, or a stopped container uses it.</param>
    /// <param name="cancellationToken">Checked before anything is removed.</param>
    /// <exception cref="Errors.EngineException">NotFound. Conflict: a container uses it, or several names point at the id and <paramref name="force"/> is false.</exception>
    Task<ImageRemoval> RemoveAsync(string reference, bool force = false, CancellationToken cancellationToken = default);
}
