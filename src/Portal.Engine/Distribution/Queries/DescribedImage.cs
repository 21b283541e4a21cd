using Portal.Engine.Images;

namespace Portal.Engine.Distribution.Queries;

/// <summary>What a registry has under a name.</summary>
/// <param name="MediaType">Of the manifest or index.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Platforms">For which platforms there are images.</param>
public sealed record DescribedImage(string MediaType, string Digest, long Size, IReadOnlyList<ImagePlatform> Platforms);
