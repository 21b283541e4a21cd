using Portal.Engine.Content;
using Portal.Engine.Distribution.Signatures.Bundles;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Distribution.Signatures;

/// <summary>Gets the signatures of manifests from a repository and verifies them. What a registry says of them is not believed.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class SignatureReader(ManifestFetcher manifests, BundleReader bundles)
{
    /// <summary>The most signatures of one manifest that are looked at.</summary>
    public const int MaxSignatures = 64;

    private const string LayerType = "application/vnd.dev.cosign.simplesigning.v1+json";
    private const string Annotation = "dev.cosignproject.cosign/signature";
    private const int MaxSignatureText = 4096;

    /// <summary>Looks for signatures of any of the digests until there are enough.</summary>
    /// <exception cref="EngineException">Unavailable: the registry could not be asked.</exception>
    public async Task<SignatureReport> ReadAsync(
        RegistrySession session, IEnumerable<Digest> digests, WantedSignatures wanted, CancellationToken cancellationToken)
    {
        var findings = new SignatureFindings(SignedRepository.Of(session.Reference), wanted);
        await ReadAsync(session, digests, findings, cancellationToken).ConfigureAwait(false);
        return findings.ToReport();
    }

    /// <summary>The same, beside what was found elsewhere.</summary>
    /// <exception cref="EngineException">Unavailable: the registry could not be asked.</exception>
    public async Task ReadAsync(
        RegistrySession session, IEnumerable<Digest> digests, SignatureFindings findings, CancellationToken cancellationToken)
    {
        foreach (var digest in digests.Distinct())
        {
            var hasAny = await TryAsync(() => ReadTagAsync(session, digest, findings, cancellationToken), digest, findings)
                .ConfigureAwait(false);
            if (!findings.AreEnough)
            {
                hasAny |= await TryAsync(() => bundles.ReadAsync(session, digest, findings, cancellationToken), digest, findings)
                    .ConfigureAwait(false);
            }

            if (findings.AreEnough)
            {
                break;
            }

            if (!hasAny)
            {
                findings.Blame($"there is no signature of {digest} in the registry");
            }
        }
    }

    // What one way of keeping signatures has that can't be read says nothing of the other.
    private static async Task<bool> TryAsync(Func<Task<bool>> read, Digest digest, SignatureFindings findings)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind is not EngineErrorKind.Unavailable)
        {
            findings.Blame($"the signature of {digest} can't be read: {failure.Message.TrimEnd('.')}");
            return true;
        }
    }

    private async Task<bool> ReadTagAsync(
        RegistrySession session, Digest digest, SignatureFindings findings, CancellationToken cancellationToken)
    {
        if (await FindLayersAsync(session, digest, cancellationToken).ConfigureAwait(false) is not { } layers)
        {
            return false;
        }

        foreach (var layer in layers.Take(MaxSignatures))
        {
            if (await VerifyAsync(session, digest, layer, findings, cancellationToken).ConfigureAwait(false) is { } problem)
            {
                findings.Blame(problem);
            }
            else if (findings.AreEnough)
            {
                return true;
            }
        }

        if (layers.Count is 0 or > MaxSignatures)
        {
            findings.Blame(layers.Count == 0
                ? $"the signature of {digest} is empty" : $"{digest} has over {MaxSignatures} signatures, and only the first are looked at",
                isOfAll: true);
        }

        return true;
    }

    private async Task<IReadOnlyList<Descriptor>?> FindLayersAsync(
        RegistrySession session, Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            var content = await manifests.FetchTagAsync(session, $"sha256-{digest.Hex}.sig", cancellationToken).ConfigureAwait(false);
            return ManifestReader.ReadManifest(content, "its manifest").Layers;
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            return null;
        }
    }

    // What is wrong with a signature; null for a good one by a key that was asked for.
    private async Task<string?> VerifyAsync(
        RegistrySession session, Digest digest, Descriptor layer, SignatureFindings findings, CancellationToken cancellationToken)
    {
        if (layer.MediaType != LayerType || layer.Annotations?.GetValueOrDefault(Annotation) is not { Length: <= MaxSignatureText } text)
        {
            return "there is one that is not in sigstore's form";
        }

        var signature = new byte[MaxSignatureText];
        if (!Convert.TryFromBase64String(text, signature, out var length))
        {
            return "there is one that is no base64";
        }

        if (layer.Size > SignaturePayload.MaxBytes)
        {
            return $"there is one of over {SignaturePayload.MaxBytes} bytes";
        }

        var content = await manifests.FetchBlobAsync(session, layer, "a signature", _ => { }, cancellationToken, SignaturePayload.MaxBytes)
            .ConfigureAwait(false);
        if (findings.FindKey(content, signature.AsSpan(0, length)) is not { } key)
        {
            return "there is one by a key that is not trusted for it";
        }

        if (SignaturePayload.Read(content) is not { } payload)
        {
            return "there is one whose content is malformed";
        }

        if (payload.Digest != digest)
        {
            return $"there is one of another image, {payload.Digest}";
        }

        if (payload.Repository != findings.Repository)
        {
            return $"there is one for another repository, '{payload.Repository}'";
        }

        findings.Add(digest, key);
        return null;
    }
}
