namespace Portal.Engine.Images;

/// <summary>A platform as the OCI image index names it (image-spec, <c>image-index.md</c>), in Go's words: <c>linux/amd64</c>, <c>linux/arm64/v8</c>.</summary>
/// <param name="Os">The operating system, such as <c>linux</c>.</param>
/// <param name="Architecture">The processor, such as <c>amd64</c>.</param>
/// <param name="Variant">The processor's variant, such as <c>v7</c>, or null.</param>
public sealed record ImagePlatform(string Os, string Architecture, string? Variant = null)
{
    /// <inheritdoc/>
    public override string ToString() => Variant is null ? $"{Os}/{Architecture}" : $"{Os}/{Architecture}/{Variant}";
}
