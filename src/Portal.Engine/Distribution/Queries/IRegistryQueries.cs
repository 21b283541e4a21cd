using Portal.Engine.Distribution.Logins;

namespace Portal.Engine.Distribution.Queries;

/// <summary>What is asked of registries without pulling. Credentials are used for the call alone, neither kept nor logged.</summary>
/// <remarks>Where a <c>server</c> is taken, it is an address as users write it: see <see cref="IRegistries.LoginAsync"/>.</remarks>
public interface IRegistryQueries
{
    /// <summary>Reaches a registry and proves credentials to it, or without any asks whether it lets anybody in.</summary>
    /// <exception cref="Errors.EngineException">Unauthenticated: they are not accepted, or it wants some. Unavailable: it can't be
    /// reached. InvalidArgument: malformed address, or what answers is no registry.</exception>
    Task<RegistryCheck> CheckAsync(string server, RegistryCredentials? credentials, CancellationToken cancellationToken = default);

    /// <summary>
    /// Looks for repositories by a part of their name: with the registry's search (<c>/v1/search</c>) where it has one, else in its catalogue, of
    /// which so much is read as bounds allow.
    /// </summary>
    /// <param name="server">The registry.</param>
    /// <param name="term">The part; empty for any, where there is a catalogue.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="credentials">Who asks, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Errors.EngineException">NotFound: the registry has neither. Others as with <see cref="CheckAsync"/>.</exception>
    Task<RepositorySearch> SearchAsync(
        string server, string term, int limit, RegistryCredentials? credentials, CancellationToken cancellationToken = default);

    /// <summary>The tags of a repository.</summary>
    /// <param name="repository">With its registry, as users write it, without tag.</param>
    /// <param name="limit">1 to 10,000.</param>
    /// <param name="credentials">Who asks, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Errors.EngineException">NotFound: no such repository. Others as with <see cref="CheckAsync"/>.</exception>
    Task<NameList> ListTagsAsync(
        string repository, int limit, RegistryCredentials? credentials, CancellationToken cancellationToken = default);

    /// <summary>What a name stands for in its registry; nothing is pulled but manifest and configuration.</summary>
    /// <param name="reference">A name as users write it, by tag or digest; <c>latest</c> by default.</param>
    /// <param name="credentials">Who asks, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Errors.EngineException">NotFound: no such tag or digest. Others as with <see cref="CheckAsync"/>.</exception>
    Task<DescribedImage> DescribeAsync(
        string reference, RegistryCredentials? credentials, CancellationToken cancellationToken = default);

    /// <summary>
    /// What a tag points at now, by one HEAD of its manifest: registries count that as no pull (Docker Hub: "Pull rate limit"). It is not repeated
    /// when it fails: whoever asks for many tags has a schedule of their own.
    /// </summary>
    /// <param name="reference">A name as users write it, by tag; <c>latest</c> by default.</param>
    /// <param name="credentials">Who asks, or null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The digest, or that the registry asks to come less often (429).</returns>
    /// <exception cref="Errors.EngineException">NotFound: no such tag. Others as with <see cref="CheckAsync"/>.</exception>
    Task<ResolvedTag> ResolveAsync(string reference, RegistryCredentials? credentials, CancellationToken cancellationToken = default);
}
