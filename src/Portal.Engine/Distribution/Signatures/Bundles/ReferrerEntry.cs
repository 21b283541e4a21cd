namespace Portal.Engine.Distribution.Signatures.Bundles;

/// <summary>Something that refers to a manifest, as the list of them describes it. All of it is a hint but the digest.</summary>
internal sealed record ReferrerEntry
{
    private const string NoType = "application/vnd.oci.empty.v1+json";
    private const string Predicate = "dev.sigstore.bundle.predicateType";

    public string? Digest { get; init; }

    public long Size { get; init; } = -1;

    public string? ArtifactType { get; init; }

    public Dictionary<string, string?>? Annotations { get; init; }

    /// <summary>
    /// Whether it may be a signature: a bundle that is not said to be an attestation. Some registries know the type of the configuration alone, and
    /// lists that clients keep themselves may have lost the annotations.
    /// </summary>
    public bool MayBeSignature => (ArtifactType is null or "" or NoType || ArtifactType == SigstoreBundle.MediaType)
        && (Annotations?.GetValueOrDefault(Predicate) is not { } predicate || predicate == SignStatement.Predicate);
}
