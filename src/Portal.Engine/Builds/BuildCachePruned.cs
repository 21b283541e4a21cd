namespace Portal.Engine.Builds;

/// <summary>What a pruning of the cache removed.</summary>
/// <param name="Ids">The entries.</param>
/// <param name="FreedBytes">Bytes of files in them.</param>
public sealed record BuildCachePruned(IReadOnlyList<string> Ids, long FreedBytes);
