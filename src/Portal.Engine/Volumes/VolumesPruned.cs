namespace Portal.Engine.Volumes;

/// <summary>What a prune removed.</summary>
/// <param name="Names">The volumes.</param>
/// <param name="Bytes">What their files held.</param>
public sealed record VolumesPruned(IReadOnlyList<string> Names, long Bytes);
