using Portal.Engine.Content;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Queries;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Installing;

namespace Portal.Engine.Distribution;

/// <summary>Pulls images: manifest, configuration, then all layers in parallel, then the name. Mirrors are asked first.</summary>
internal sealed class ImagePuller(
    RegistryEndpoints endpoints, RegistryHttp http, EngineOptions options, ManifestFetcher manifests, NameLists lists,
    LayerPuller layers, ContentStore content, ContentLeases leases, ImageRegistrar registrar, SignatureReader signatures,
    TimeProvider time, IImageGuard? guard = null)
{
    private const int MaxTags = 10_000;

    public Task<ImageDetails> PullAsync(
        string text, RegistryCredentials? credentials, ImagePlatform? platform, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken) =>
        PullAsync(ImageReference.Parse(text).WithDefaultTag(), credentials, platform, progress, cancellationToken);

    public async Task<IReadOnlyList<ImageDetails>> PullAllAsync(
        string text, RegistryCredentials? credentials, ImagePlatform? platform, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        var repository = ImageReference.Parse(text);
        if (repository.Tag is not null || repository.Digest is not null)
        {
            throw EngineException.InvalidArgument("tag can't be used with --all-tags/-a");
        }

        var whole = new ProgressThrottle(progress, repository.Familiar, time);
        var tags = await TryEachAsync(repository, ListAsync, whole, cancellationToken).ConfigureAwait(false);
        var pulled = new List<ImageDetails>();
        foreach (var tag in tags)
        {
            pulled.Add(await PullAsync(repository.WithTag(tag), credentials, platform, progress, cancellationToken).ConfigureAwait(false));
        }

        return pulled;

        async Task<IReadOnlyList<string>> ListAsync(RegistryEndpoint endpoint)
        {
            var session = new RegistrySession(endpoint, repository, http, options, credentials);
            var list = await lists.ReadTagsAsync(session, MaxTags, cancellationToken).ConfigureAwait(false);
            return !list.IsTruncated
                ? list.Names
                : throw EngineException.InvalidArgument(
                    $"'{repository.Familiar}' has over {MaxTags} tags, the most that are pulled at once. Pull those that you need.");
        }
    }

    private async Task<ImageDetails> PullAsync(
        ImageReference reference, RegistryCredentials? credentials, ImagePlatform? platform, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        var whole = new ProgressThrottle(progress, reference.Familiar, time);
        whole.Report(TransferPhase.Resolving);
        return await TryEachAsync(reference, PullFromAsync, whole, cancellationToken).ConfigureAwait(false);

        Task<ImageDetails> PullFromAsync(RegistryEndpoint endpoint)
        {
            var session = new RegistrySession(endpoint, reference, http, options, credentials);
            return PullAsync(session, platform, whole, progress, cancellationToken);
        }
    }

    /// <summary>Does something with the first that can: a mirror that is away, lacks it or serves nonsense is passed over.</summary>
    private async Task<T> TryEachAsync<T>(
        ImageReference reference, Func<RegistryEndpoint, Task<T>> step, ProgressThrottle whole, CancellationToken cancellationToken)
    {
        foreach (var mirror in endpoints.FindMirrors(reference.Domain))
        {
            try
            {
                return await step(mirror).ConfigureAwait(false);
            }
            catch (EngineException failure)
            {
                whole.Report(TransferPhase.Retrying, message: $"The mirror {mirror.Domain} is passed over: {failure.Message}");
            }
        }

        return await step(await endpoints.FindAsync(reference.Domain, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task<ImageDetails> PullAsync(
        RegistrySession session, ImagePlatform? platform, ProgressThrottle whole, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        var reference = session.Reference;
        using var lease = leases.Begin();

        var fetched = await manifests.FetchAsync(session, platform ?? PlatformChoice.Host, Retrying, cancellationToken)
            .ConfigureAwait(false);
        var signed = await CheckAsync(session, fetched, cancellationToken).ConfigureAwait(false);
        var configuration = await GetConfigurationAsync(session, fetched.Manifest, lease, Retrying, cancellationToken)
            .ConfigureAwait(false);
        if (platform is not null && PlatformChoice.IsOther(platform, configuration.Platform))
        {
            throw EngineException.NotFound($"'{reference.Familiar}' is for {configuration.Platform} only, not for {platform}.");
        }

        lease.Hold(fetched.Digest);
        await content.WriteAsync(fetched.Content, cancellationToken).ConfigureAwait(false);
        var plan = LayerPlan.Make(configuration, fetched.Manifest.Layers!);
        await layers.PullAsync(session, plan, lease, progress, cancellationToken).ConfigureAwait(false);

        if (fetched.List is { } list)
        {
            lease.Hold(fetched.Root);
            await content.WriteAsync(list, cancellationToken).ConfigureAwait(false);
        }

        var name = reference.WithoutDigest()?.ToString();
        var repositoryDigest = reference.WithDigest(fetched.Root.ToString()).ToString();
        var image = await registrar.RegisterAsync(
            configuration, fetched.Digest, name, repositoryDigest, fetched.List is null ? null : fetched.Root, "pull", cancellationToken,
            signed).ConfigureAwait(false);
        whole.Report(TransferPhase.Done, message: $"Pulled {reference.Familiar} ({fetched.Root})");
        return image;

        void Retrying(string message) => whole.Report(TransferPhase.Retrying, message: message);
    }

    private Task<IReadOnlyList<VerifiedSignature>> CheckAsync(
        RegistrySession session, FetchedManifest fetched, CancellationToken cancellationToken)
    {
        var image = new PulledImage(
            SignedRepository.Of(session.Reference),
            fetched.Root.ToString(),
            (wanted, stop) => signatures.ReadAsync(session, [fetched.Root, fetched.Digest], wanted, stop));
        return guard?.CheckPullAsync(image, cancellationToken) ?? Task.FromResult<IReadOnlyList<VerifiedSignature>>([]);
    }

    private async Task<ImageConfiguration> GetConfigurationAsync(
        RegistrySession session, ManifestDocument manifest, ContentLease lease, Action<string> onRetry, CancellationToken cancellationToken)
    {
        var what = $"the configuration of '{session.Reference.Familiar}'";
        var digest = manifest.Config!.ParseDigest(what);
        lease.Hold(digest);
        var bytes = content.Has(digest)
            ? await content.ReadAsync(digest, FormatJson.MaxBytes, cancellationToken).ConfigureAwait(false)
            : await manifests.FetchBlobAsync(session, manifest.Config, what, onRetry, cancellationToken).ConfigureAwait(false);
        var configuration = ImageConfiguration.Read(bytes, manifest.Layers!.Count);
        await content.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        return configuration;
    }
}
