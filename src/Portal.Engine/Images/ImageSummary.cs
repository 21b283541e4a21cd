namespace Portal.Engine.Images;

/// <summary>One row of a list of images.</summary>
public sealed record ImageSummary
{
    /// <summary><c>sha256:</c> and 64 hexadecimal digits: the digest of the configuration.</summary>
    public required string Id { get; init; }

    /// <summary>Names as users write them (<c>busybox:latest</c>); empty for a dangling image.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary><c>name@sha256:...</c> for each registry that the image came from.</summary>
    public IReadOnlyList<string> Digests { get; init; } = [];

    /// <summary>When the image was built, by its own word.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Bytes of all its unpacked layers, shared ones included.</summary>
    public long Size { get; init; }

    /// <summary>The image's labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>How many containers use it.</summary>
    public int Containers { get; init; }

    /// <summary>
    /// What it was built for, and then the platforms of the other images that are here under its names; empty where that was not kept.
    /// </summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];

    /// <summary>
    /// What a check of the store found wrong with it and could not mend, as a sentence; null when nothing is known to be wrong. It goes
    /// when the image is pulled or loaded again.
    /// </summary>
    public string? Problem { get; init; }
}
