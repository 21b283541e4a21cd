using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Distribution.Signatures;

/// <summary>Gets the signatures of manifests from a repository and verifies them. What a registry says of them is not believed.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class SignatureReader(ManifestFetcher manifests)
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
        var repository = SignedRepository.Of(session.Reference);
        var verified = new List<VerifiedSignature>();
        var problems = new List<string>();
        foreach (var digest in digests.Distinct())
        {
            try
            {
                if (await ReadAsync(session, repository, digest, wanted, verified, problems, cancellationToken).ConfigureAwait(false))
                {
                    return new SignatureReport(verified, "");
                }
            }
            catch (EngineException failure) when (failure.Kind is not EngineErrorKind.Unavailable)
            {
                problems.Add($"the signature of {digest} can't be read: {failure.Message.TrimEnd('.')}");
            }
        }

        return new SignatureReport(verified, string.Join(", ", problems.Distinct()));
    }

    private async Task<bool> ReadAsync(
        RegistrySession session, string repository, Digest digest, WantedSignatures wanted, List<VerifiedSignature> verified,
        List<string> problems, CancellationToken cancellationToken)
    {
        if (await FindLayersAsync(session, digest, cancellationToken).ConfigureAwait(false) is not { } layers)
        {
            problems.Add($"there is no signature of {digest} in the registry");
            return false;
        }

        foreach (var layer in layers.Take(MaxSignatures))
        {
            var problem = await VerifyAsync(session, repository, digest, layer, wanted, verified, cancellationToken).ConfigureAwait(false);
            if (problem is not null)
            {
                problems.Add(problem);
            }
            else if (wanted.AreEnough([.. verified.Select(signature => signature.Key)]))
            {
                return true;
            }
        }

        if (layers.Count is 0 or > MaxSignatures)
        {
            problems.Add(layers.Count == 0
                ? $"the signature of {digest} is empty" : $"{digest} has over {MaxSignatures} signatures, and only the first are looked at");
        }

        return false;
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
        RegistrySession session, string repository, Digest digest, Descriptor layer, WantedSignatures wanted,
        List<VerifiedSignature> verified, CancellationToken cancellationToken)
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
        if (wanted.Keys.FirstOrDefault(key => key.Verifies(content, signature.AsSpan(0, length))) is not { } key)
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

        if (payload.Repository != repository)
        {
            return $"there is one for another repository, '{payload.Repository}'";
        }

        verified.Add(new VerifiedSignature(repository, digest.ToString(), key.Fingerprint));
        return null;
    }
}
