namespace Portal.Engine.Images;

/// <summary>What a removal took away.</summary>
/// <param name="Untagged">Names that are gone.</param>
/// <param name="Deleted">Images and layers that are gone, by digest.</param>
public sealed record ImageRemoval(IReadOnlyList<string> Untagged, IReadOnlyList<string> Deleted);
