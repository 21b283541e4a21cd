using Portal.Engine.Images.Formats;

namespace Portal.Engine.Distribution.Signatures.Bundles;

/// <summary>
/// A list of what refers to a manifest (distribution-spec, "Listing Referrers"), or one of those (image-spec, "Guidelines for Artifact Usage"):
/// an index and a manifest, with the members that artifacts have besides.
/// </summary>
internal sealed record ReferrerDocument
{
    public int SchemaVersion { get; init; }

    public string? ArtifactType { get; init; }

    public Descriptor? Config { get; init; }

    public IReadOnlyList<Descriptor?>? Layers { get; init; }

    public Descriptor? Subject { get; init; }

    public IReadOnlyList<ReferrerEntry?>? Manifests { get; init; }
}
