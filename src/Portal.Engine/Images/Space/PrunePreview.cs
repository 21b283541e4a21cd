namespace Portal.Engine.Images.Space;

/// <summary>What a prune would remove now.</summary>
/// <param name="Images">The images that would go, newest first.</param>
/// <param name="Bytes">
/// Bytes of unpacked files and of stored blobs that nothing would need any more, what pulls that were broken off left included.
/// </param>
public sealed record PrunePreview(IReadOnlyList<ImageSummary> Images, long Bytes);
