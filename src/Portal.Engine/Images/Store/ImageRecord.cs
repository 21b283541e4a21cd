using Portal.Engine.Distribution.Signatures;

namespace Portal.Engine.Images.Store;

/// <summary>What the index keeps of an image. All digests in their text form; names and repository digests in full form.</summary>
internal sealed record ImageRecord
{
    // Of more keys and repositories than that nobody wants signatures at once; who does asks the registry again.
    private const int MaxSignatures = 100;

    /// <summary>The digest of the configuration.</summary>
    public required string Id { get; init; }

    /// <summary>The digest of the manifest that names configuration and layers.</summary>
    public required string Manifest { get; init; }

    /// <summary>Lowest first.</summary>
    public required IReadOnlyList<LayerReference> Layers { get; init; }

    /// <summary>Such as <c>docker.io/library/busybox:latest</c>.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Such as <c>docker.io/library/busybox@sha256:...</c>.</summary>
    public IReadOnlyList<string> Digests { get; init; } = [];

    /// <summary>
    /// Names under which it is a further platform: their list names it too, but another image suits this host better and bears the name.
    /// </summary>
    public IReadOnlyList<string> Variants { get; init; } = [];

    /// <summary>What it was built for; null in the records of engines that did not keep that.</summary>
    public ImagePlatform? Platform { get; init; }

    /// <summary>When the image was built, by its own word.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The image's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Bytes of all its unpacked layers.</summary>
    public long Size { get; init; }

    /// <summary>What a check found that could not be mended; null when nothing is known to be wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>Signatures that were verified when it was pulled, or later.</summary>
    public IReadOnlyList<VerifiedSignature> Signatures { get; init; } = [];

    /// <summary>The same with signatures that were verified, the newest of them at the end.</summary>
    public ImageRecord WithSignatures(IReadOnlyList<VerifiedSignature> more) =>
        more.All(Signatures.Contains) ? this : this with { Signatures = [.. Signatures.Except(more).Concat(more).TakeLast(MaxSignatures)] };

    /// <summary>All that must stay in the content store for this image.</summary>
    public IEnumerable<string> Blobs() => [Id, Manifest, .. Layers.Select(layer => layer.Blob)];
}
