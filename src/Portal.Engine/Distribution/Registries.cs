using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Pushing;
using Portal.Engine.Distribution.Queries;
using Portal.Engine.Hosting;
using Portal.Engine.Images;

namespace Portal.Engine.Distribution;

/// <summary>The front of puller, pusher, login and queries.</summary>
internal sealed class Registries(
    ImagePuller puller, ImagePusher pusher, RegistryLogin logins, RegistrySearcher searcher, NameLists lists, ManifestFetcher manifests,
    RegistryEndpoints endpoints, RegistryHttp http, EngineOptions options)
    : IRegistries, IRegistryQueries
{
    public Task<ImageDetails> PullAsync(
        string reference, RegistryCredentials? credentials, ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        return puller.PullAsync(reference, credentials, platform, progress, cancellationToken);
    }

    public Task<IReadOnlyList<ImageDetails>> PullAllAsync(
        string repository, RegistryCredentials? credentials, ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        return puller.PullAllAsync(repository, credentials, platform, progress, cancellationToken);
    }

    public Task<IReadOnlyList<PushedImage>> PushAsync(
        string reference, RegistryCredentials? credentials, ImagePlatform? platform, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken = default)
    {
        return pusher.PushAsync(reference, credentials, platform, progress, cancellationToken);
    }

    public async Task<string?> LoginAsync(string server, RegistryCredentials credentials, CancellationToken cancellationToken = default) =>
        (await logins.ProveAsync(server, credentials, cancellationToken).ConfigureAwait(false)).IdentityToken;

    public async Task<RegistryCheck> CheckAsync(
        string server, RegistryCredentials? credentials, CancellationToken cancellationToken = default) =>
        (await logins.ProveAsync(server, credentials, cancellationToken).ConfigureAwait(false)).Check;

    public Task<RepositorySearch> SearchAsync(
        string server, string term, int limit, RegistryCredentials? credentials, CancellationToken cancellationToken = default)
    {
        return searcher.SearchAsync(RegistryLogin.DomainOf(server), term, limit, credentials, cancellationToken);
    }

    public async Task<NameList> ListTagsAsync(
        string repository, int limit, RegistryCredentials? credentials, CancellationToken cancellationToken = default)
    {
        var session = await OpenAsync(ImageReference.Parse(repository), credentials, cancellationToken).ConfigureAwait(false);
        return await lists.ReadTagsAsync(session, limit, cancellationToken).ConfigureAwait(false);
    }

    public async Task<DescribedImage> DescribeAsync(
        string reference, RegistryCredentials? credentials, CancellationToken cancellationToken = default)
    {
        var name = ImageReference.Parse(reference).WithDefaultTag();
        var session = await OpenAsync(name, credentials, cancellationToken).ConfigureAwait(false);
        return await manifests.DescribeAsync(session, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ResolvedTag> ResolveAsync(
        string reference, RegistryCredentials? credentials, CancellationToken cancellationToken = default)
    {
        var name = ImageReference.Parse(reference).WithDefaultTag();
        var session = await OpenAsync(name, credentials, cancellationToken).ConfigureAwait(false);
        return await manifests.ResolveAsync(session, cancellationToken).ConfigureAwait(false);
    }

    private async Task<RegistrySession> OpenAsync(
        ImageReference reference, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        var endpoint = await endpoints.FindAsync(reference.Domain, cancellationToken).ConfigureAwait(false);
        return new RegistrySession(endpoint, reference, http, options, credentials);
    }
}
