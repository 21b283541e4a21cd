namespace Portal.Engine.Images.Saving;

/// <summary>Writes images into archives, as <c>docker save</c> does.</summary>
public interface IImageArchives
{
    /// <summary>
    /// Writes one archive that is both an OCI image layout (image-spec, <c>image-layout.md</c>) and a docker-archive, so that old and new
    /// tools read it. Blobs are written as they are stored, each once; the same images give the same bytes. Memory does not grow with size.
    /// </summary>
    /// <param name="references">
    /// At least one. A name with a tag is saved under that name, a repository without a tag with all of its tags, an id without names.
    /// </param>
    /// <param name="output">Written front to back; not disposed. Nothing is written before all references are resolved.</param>
    /// <param name="cancellationToken">Stops; the output is then incomplete.</param>
    /// <exception cref="Errors.EngineException">NotFound: no such image, or content of it is gone. InvalidArgument: none
    /// given, or a malformed reference.</exception>
    Task SaveAsync(IReadOnlyList<string> references, Stream output, CancellationToken cancellationToken = default) =>
        SaveAsync(references, output, null, cancellationToken);

    /// <summary>
    /// As <see cref="SaveAsync(IReadOnlyList{string}, Stream, CancellationToken)"/>, which writes all platforms that are here under a name
    /// (the docker-archive names the one that suits this host best), or one of them alone.
    /// </summary>
    /// <param name="references">The images.</param>
    /// <param name="output">Where to.</param>
    /// <param name="platform">The one platform, or null for all.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="Errors.EngineException">NotFound: also when an image is not here for the platform.</exception>
    Task SaveAsync(
        IReadOnlyList<string> references, Stream output, ImagePlatform? platform, CancellationToken cancellationToken = default);
}
