using Portal.Engine.Content;
using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Distribution.Signatures;

internal sealed class ImageSignatures(
    RegistryEndpoints endpoints, RegistryHttp http, EngineOptions options, ManifestFetcher manifests, SignatureReader reader,
    ImageStore store, ContentStore content)
    : IImageSignatures
{
    // Of a repository that an image was pushed to or pulled from in many forms the newest will do.
    private const int MaxPushed = 8;

    public async Task<SignatureReport> CheckAsync(
        string reference, RegistryCredentials? credentials, ImagePlatform? platform, WantedSignatures wanted,
        CancellationToken cancellationToken = default)
    {
        var name = ImageReference.Parse(reference).WithDefaultTag();
        var session = await OpenAsync(name, credentials, cancellationToken).ConfigureAwait(false);
        var fetched = await manifests.FetchAsync(session, platform ?? PlatformChoice.Host, _ => { }, cancellationToken)
            .ConfigureAwait(false);
        return await reader.ReadAsync(session, [fetched.Root, fetched.Digest], wanted, cancellationToken).ConfigureAwait(false);
    }

    public async Task<SignatureReport> CheckStoredAsync(
        string id, string repository, WantedSignatures wanted, CancellationToken cancellationToken = default)
    {
        var index = store.Index;
        if (!index.Images.TryGetValue(id, out var image) || !ImageReference.TryParse(repository, out var reference))
        {
            return new SignatureReport([], "it comes from no registry");
        }

        var name = SignedRepository.Of(reference);
        var trusted = wanted.Keys.Select(key => key.Fingerprint).ToHashSet();
        var kept = image.Signatures.Where(one => one.Repository == name && trusted.Contains(one.Key)).ToList();
        var known = new SignatureReport(kept, "");
        return wanted.AreEnough(known.Keys) ? known
            : await AskAsync(image, index, reference, wanted, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SignatureReport> AskAsync(
        ImageRecord image, ImageIndex index, ImageReference reference, WantedSignatures wanted, CancellationToken cancellationToken)
    {
        var findings = new SignatureFindings(SignedRepository.Of(reference), wanted);
        try
        {
            var digests = await ManifestsOfAsync(image, index, cancellationToken).ConfigureAwait(false);
            var pushed = PushedAs(image, findings.Repository, digests);
            if (digests.Count + pushed.Count == 0)
            {
                return new SignatureReport([], "it has no manifest that could have been signed");
            }

            var session = await OpenAsync(reference, null, cancellationToken).ConfigureAwait(false);
            await reader.ReadAsync(session, digests, findings, cancellationToken).ConfigureAwait(false);
            foreach (var name in pushed.TakeWhile(_ => !findings.AreEnough))
            {
                await AskForAsync(name, image, findings, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (EngineException failure)
        {
            return new SignatureReport([], $"its registry can't be asked for signatures: {failure.Message.TrimEnd('.')}");
        }

        var report = findings.ToReport();
        if (report.Verified.Count > 0)
        {
            store.Update(all => all.Change(image.Id, one => one.WithSignatures(report.Verified)));
        }

        return report;
    }

    // A push may send the layers in another form than they are kept in: then the manifest that people sign is in the registry alone.
    private static List<ImageReference> PushedAs(ImageRecord image, string repository, IReadOnlyList<Digest> known) =>
        [.. image.Digests.Select(ImageReference.Parse)
            .Where(name => SignedRepository.Of(name) == repository && known.All(digest => digest.ToString() != name.Digest))
            .TakeLast(MaxPushed).Reverse()];

    // What the registry has under a digest that it got or gave before; its configuration tells whether it is this image.
    private async Task AskForAsync(
        ImageReference name, ImageRecord image, SignatureFindings findings, CancellationToken cancellationToken)
    {
        try
        {
            var session = await OpenAsync(name, null, cancellationToken).ConfigureAwait(false);
            var fetched = await manifests.FetchAsync(session, image.Platform ?? PlatformChoice.Host, _ => { }, cancellationToken)
                .ConfigureAwait(false);
            if (fetched.Manifest.Config?.Digest == image.Id)
            {
                await reader.ReadAsync(session, [fetched.Root, fetched.Digest], findings, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            // It was removed there: nothing that anybody could have signed.
        }
    }

    // Whoever signed one of these signed this very image: the configuration, whose digest is the image's id, pins the layers.
    private async Task<IReadOnlyList<Digest>> ManifestsOfAsync(ImageRecord image, ImageIndex index, CancellationToken cancellationToken)
    {
        var manifest = Digest.Parse(image.Manifest, "a manifest");
        if (await ReadAsync(manifest, cancellationToken).ConfigureAwait(false) is not { } document || document.Config?.Digest != image.Id)
        {
            return [];
        }

        var found = new List<Digest> { manifest };
        foreach (var text in index.Lists.Values.Distinct())
        {
            var list = Digest.Parse(text, "an index");
            var entries = (await ReadAsync(list, cancellationToken).ConfigureAwait(false))?.Manifests ?? [];
            if (entries.Any(entry => entry.Digest == image.Manifest))
            {
                found.Insert(0, list);
            }
        }

        return found;
    }

    private async Task<ManifestDocument?> ReadAsync(Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await content.ReadAsync(digest, FormatJson.MaxBytes, cancellationToken).ConfigureAwait(false);
            return Digest.Of(bytes) == digest ? ManifestReader.Read(bytes, "A manifest") : null;
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            // Lost or damaged: then it is nothing that a signature could speak for.
            return null;
        }
    }

    private async Task<RegistrySession> OpenAsync(
        ImageReference reference, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        var endpoint = await endpoints.FindAsync(reference.Domain, cancellationToken).ConfigureAwait(false);
        return new RegistrySession(endpoint, reference, http, options, credentials);
    }
}
