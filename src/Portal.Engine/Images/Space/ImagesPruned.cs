namespace Portal.Engine.Images.Space;

/// <summary>What a prune removed.</summary>
/// <param name="Removed">Per image the names, and the digests of image and layers.</param>
/// <param name="Bytes">Bytes of unpacked files and of stored blobs that are gone.</param>
public sealed record ImagesPruned(IReadOnlyList<ImageRemoval> Removed, long Bytes);
