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
    Task SaveAsync(IReadOnlyList<string> references, Stream output, CancellationToken cancellationToken = default);
}
