using Portal.Engine.Images;

namespace Portal.Engine.Distribution.Pushing;

/// <summary>What a push brought to a registry.</summary>
/// <param name="Name">The name as users write it.</param>
/// <param name="Tag">Its tag.</param>
/// <param name="Digest">The digest of the manifest there.</param>
/// <param name="Size">Bytes of the manifest.</param>
public sealed record PushedImage(string Name, string Tag, string Digest, long Size)
{
    /// <summary>The media type of the manifest or index.</summary>
    public string MediaType { get; init; } = "";

    /// <summary>The platforms that went, where they are known.</summary>
    public IReadOnlyList<ImagePlatform> Platforms { get; init; } = [];

    /// <summary>
    /// The digest of the index that the name stands for here, when not all of its images are here and less than it was pushed; else null.
    /// </summary>
    public string? InsteadOf { get; init; }
}
