using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Distribution.Signatures.Bundles;

/// <summary>Gets the signatures of a manifest that are sigstore bundles, artifacts that refer to it, and verifies them.</summary>
/// <remarks>Singleton; any thread. What the registry says of them is not believed, their list least of all.</remarks>
internal sealed class BundleReader(Referrers referrers, ManifestFetcher manifests)
{
    /// <summary>The most bundles of one manifest that are looked at; those that are said to be attestations don't count.</summary>
    public const int MaxBundles = 64;

    private const int MaxManifestBytes = 64 * 1024;

    /// <summary>Looks for signatures of a digest until there are enough.</summary>
    /// <returns>Whether there was anything that could have been one.</returns>
    /// <exception cref="EngineException">Unavailable: the registry could not be asked. Otherwise: its list is none.</exception>
    public async Task<bool> ReadAsync(
        RegistrySession session, Digest digest, SignatureFindings findings, CancellationToken cancellationToken)
    {
        var all = await referrers.ListAsync(session, digest, cancellationToken).ConfigureAwait(false);
        var some = all.Where(entry => entry.MayBeSignature).DistinctBy(entry => entry.Digest).Take(MaxBundles + 1).ToList();
        var hasAny = false;
        foreach (var entry in some.Take(MaxBundles))
        {
            hasAny |= await TryVerifyAsync(session, digest, entry, findings, cancellationToken).ConfigureAwait(false);
            if (findings.AreEnough)
            {
                return true;
            }
        }

        if (some.Count > MaxBundles)
        {
            findings.Blame($"over {MaxBundles} things refer to {digest}, and only the first are looked at", isOfAll: true);
        }

        return hasAny;
    }

    // One that can't be read spoils nothing for the others.
    private async Task<bool> TryVerifyAsync(
        RegistrySession session, Digest digest, ReferrerEntry entry, SignatureFindings findings, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindLayerAsync(session, digest, entry, cancellationToken).ConfigureAwait(false) is not { } found)
            {
                return false;
            }

            var problem = found.Problem
                ?? await VerifyAsync(session, digest, found.Layer!, findings, cancellationToken).ConfigureAwait(false);
            if (problem is not null)
            {
                findings.Blame(problem);
            }
        }
        catch (EngineException failure) when (failure.Kind is not EngineErrorKind.Unavailable)
        {
            findings.Blame($"there is one that can't be read: {failure.Message.TrimEnd('.')}");
        }

        return true;
    }

    // Null for an artifact of another kind.
    private async Task<(Descriptor? Layer, string? Problem)?> FindLayerAsync(
        RegistrySession session, Digest digest, ReferrerEntry entry, CancellationToken cancellationToken)
    {
        const string What = "the manifest of a bundle";
        var wanted = Digest.Parse(entry.Digest, "what refers to it");
        if (entry.Size > MaxManifestBytes)
        {
            return (null, $"there is a bundle whose manifest has over {MaxManifestBytes} bytes");
        }

        var content = await manifests.FetchTagAsync(session, wanted.ToString(), cancellationToken, MaxManifestBytes).ConfigureAwait(false);
        var manifest = FormatJson.Parse(content, BundleJson.Default.ReferrerDocument, What);
        if ((manifest.ArtifactType ?? manifest.Config?.MediaType) != SigstoreBundle.MediaType)
        {
            return null;
        }

        if (manifest.Subject?.Digest != digest.ToString())
        {
            return (null, "there is a bundle that refers to another image");
        }

        if (manifest.Layers is not [{ MediaType: SigstoreBundle.MediaType } layer])
        {
            return (null, "there is a bundle that is not laid out as cosign does it");
        }

        return layer.Size <= SigstoreBundle.MaxBytes
            ? (layer.Check("a bundle", SigstoreBundle.MaxBytes), null)
            : (null, $"there is a bundle of over {SigstoreBundle.MaxBytes} bytes");
    }

    // What is wrong with a signature; null for a good one by a key that was asked for.
    private async Task<string?> VerifyAsync(
        RegistrySession session, Digest digest, Descriptor layer, SignatureFindings findings, CancellationToken cancellationToken)
    {
        var content = await manifests.FetchBlobAsync(session, layer, "a bundle", _ => { }, cancellationToken, SigstoreBundle.MaxBytes)
            .ConfigureAwait(false);
        var (bundle, problem) = SigstoreBundle.Read(content);
        if (bundle is null)
        {
            return problem;
        }

        // By its digest: the bytes are those that are pulled, or an error.
        var manifest = bundle.Payload is null
            ? await manifests.FetchTagAsync(session, digest.ToString(), cancellationToken).ConfigureAwait(false) : [];
        if (findings.FindKey(bundle.Signed(manifest), bundle.Signature) is not { } key)
        {
            return "there is one by a key that is not trusted for it";
        }

        problem = bundle.Payload is null ? null : SignStatement.Problem(bundle.Payload, digest);
        if (problem is null)
        {
            findings.Add(digest, key);
        }

        return problem;
    }
}
