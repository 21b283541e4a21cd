using Portal.Engine.Content;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Installing;

namespace Portal.Engine.Distribution;

/// <summary>Pulls images: manifest, configuration, then all layers in parallel, then the name.</summary>
internal sealed class ImagePuller(
    RegistryEndpoints endpoints, RegistryHttp http, EngineOptions options, ManifestFetcher manifests, LayerPuller layers,
    ContentStore content, ContentLeases leases, ImageRegistrar registrar, TimeProvider time)
{
    public async Task<ImageDetails> PullAsync(
        string text, RegistryCredentials? credentials, ImagePlatform? platform, IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        var reference = ImageReference.Parse(text).WithDefaultTag();
        var whole = new ProgressThrottle(progress, reference.Familiar, time);
        whole.Report(TransferPhase.Resolving);
        var endpoint = await endpoints.FindAsync(reference.Domain, cancellationToken).ConfigureAwait(false);
        using var session = new RegistrySession(endpoint, reference, http, options, credentials);
        using var lease = leases.Begin();

        var fetched = await manifests.FetchAsync(session, platform ?? PlatformChoice.Host, Retrying, cancellationToken)
            .ConfigureAwait(false);
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

        var name = reference.WithoutDigest()?.ToString();
        var repositoryDigest = reference.WithDigest(fetched.Root.ToString()).ToString();
        var image = await registrar.RegisterAsync(configuration, fetched.Digest, name, repositoryDigest, "pull", cancellationToken)
            .ConfigureAwait(false);
        whole.Report(TransferPhase.Done, message: $"Pulled {reference.Familiar} ({fetched.Root})");
        return image;

        void Retrying(string message) => whole.Report(TransferPhase.Retrying, message: message);
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
