using Portal.Engine.Images;

namespace Portal.Engine.Containers.Committing;

/// <summary>Makes images of containers, as <c>docker commit</c> does.</summary>
public interface IContainerCommits
{
    /// <summary>
    /// Makes an image of the container's image and what was changed in the container since. Volumes and binds are not part of it. A
    /// container that changed nothing adds no layer.
    /// </summary>
    /// <param name="request">Which container, and what the image is to be.</param>
    /// <param name="cancellationToken">Stops; no image is made, and the container runs again.</param>
    /// <exception cref="Errors.EngineException">NotFound: no such container, or its image is gone. InvalidArgument: a malformed name or
    /// change, or files that a layer can't hold. Conflict: the container is being removed. Unavailable: the disk is full.</exception>
    Task<ImageDetails> CommitAsync(ContainerCommit request, CancellationToken cancellationToken = default);
}
