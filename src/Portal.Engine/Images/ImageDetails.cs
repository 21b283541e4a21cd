namespace Portal.Engine.Images;

/// <summary>An image with what a container made of it needs to know.</summary>
public sealed record ImageDetails
{
    /// <summary><c>sha256:</c> and 64 hexadecimal digits: the digest of the configuration.</summary>
    public required string Id { get; init; }

    /// <summary>Names as users write them; empty for a dangling image.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary><c>name@sha256:...</c> for each registry that the image came from.</summary>
    public IReadOnlyList<string> Digests { get; init; } = [];

    /// <summary>When the image was built, by its own word.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Who built it, by its own word.</summary>
    public string Author { get; init; } = "";

    /// <summary>What it was built for.</summary>
    public required ImagePlatform Platform { get; init; }

    /// <summary>Bytes of all its unpacked layers, shared ones included.</summary>
    public long Size { get; init; }

    /// <summary>Defaults for containers.</summary>
    public required ImageConfig Config { get; init; }

    /// <summary>Digests of the uncompressed layers, lowest first (image-spec, <c>config.md</c>, <c>rootfs.diff_ids</c>).</summary>
    public IReadOnlyList<string> DiffIds { get; init; } = [];

    /// <summary>Bytes of file content of each unpacked layer, lowest first; empty where they were not asked for.</summary>
    public IReadOnlyList<long> LayerSizes { get; init; } = [];

    /// <summary>The chain id of the topmost layer: the key under which its snapshot is kept. Null for an image without layers.</summary>
    public string? ChainId { get; init; }

    /// <summary>How each layer came to be, lowest first.</summary>
    public IReadOnlyList<ImageHistoryEntry> History { get; init; } = [];

    /// <summary>
    /// What a check of the store found wrong with it and could not mend, as a sentence; null when nothing is known to be wrong. It goes
    /// when the image is pulled or loaded again.
    /// </summary>
    public string? Problem { get; init; }
}
