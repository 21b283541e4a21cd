using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Pushing;
using Portal.Engine.Images;

namespace Portal.Engine.Distribution;

/// <summary>What is done with registries on behalf of somebody. Credentials are used for the call alone, neither kept nor logged.</summary>
public interface IRegistries
{
    /// <summary>As <see cref="IImages.PullAsync"/>, with credentials.</summary>
    /// <exception cref="Errors.EngineException">See there. Unauthenticated: the registry does not accept them.</exception>
    Task<ImageDetails> PullAsync(
        string reference,
        RegistryCredentials? credentials,
        ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Pulls every tag of a repository, one after the other; the first failure ends it, and what was pulled by then stays.</summary>
    /// <param name="repository">A name without tag and digest.</param>
    /// <param name="credentials">Who pulls, or null.</param>
    /// <param name="platform">As with <see cref="PullAsync"/>.</param>
    /// <param name="progress">Told of every layer of every image.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Errors.EngineException">As with <see cref="PullAsync"/>. InvalidArgument: the name has a tag, or the repository has more
    /// than 10,000.</exception>
    Task<IReadOnlyList<ImageDetails>> PullAllAsync(
        string repository,
        RegistryCredentials? credentials,
        ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends an image to its registry, under one tag or, when the reference has none, under all tags of that repository. Only blobs that
    /// the repository lacks are sent; those that another repository of the registry has are mounted from there.
    /// </summary>
    /// <param name="reference">A name with or without a tag, no id and no digest.</param>
    /// <param name="credentials">Who pushes, or null.</param>
    /// <param name="progress">Told of every layer; called from several threads.</param>
    /// <param name="cancellationToken">Stops it; the tag is then as it was.</param>
    /// <exception cref="Errors.EngineException">NotFound: no such name. Unauthenticated, Forbidden: no right to push. Unavailable: the
    /// registry can't be reached, or broke off. InvalidArgument: a malformed reference or answer.</exception>
    Task<IReadOnlyList<PushedImage>> PushAsync(
        string reference,
        RegistryCredentials? credentials,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default) => PushAsync(reference, credentials, null, progress, cancellationToken);

    /// <summary>
    /// As the other one, which pushes the index that a name stands for with all of its platforms. When some of them are not here, an index of
    /// those that are goes instead; when only one is, that one image (<see cref="PushedImage.InsteadOf"/>).
    /// </summary>
    /// <param name="reference">A name with or without a tag, no id and no digest.</param>
    /// <param name="credentials">Who pushes, or null.</param>
    /// <param name="platform">The one platform to push, or null for all.</param>
    /// <param name="progress">Told of every layer; called from several threads.</param>
    /// <param name="cancellationToken">Stops it; the tag is then as it was.</param>
    /// <exception cref="Errors.EngineException">As with the other one. NotFound: also when the image is not here for the platform.</exception>
    Task<IReadOnlyList<PushedImage>> PushAsync(
        string reference,
        RegistryCredentials? credentials,
        ImagePlatform? platform,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken = default);

    /// <summary>Proves credentials to a registry.</summary>
    /// <param name="server">
    /// Its address as users write it: <c>host[:port]</c>, with or without a scheme and a path; empty for Docker Hub.
    /// </param>
    /// <param name="credentials">The credentials.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>An identity token to keep instead of the password, or null where the registry gives none.</returns>
    /// <exception cref="Errors.EngineException">Unauthenticated: they are not accepted.</exception>
    Task<string?> LoginAsync(string server, RegistryCredentials credentials, CancellationToken cancellationToken = default);
}
