namespace Portal.Engine.Api.Builds.Models;

/// <summary>What a pruning of the cache removed.</summary>
internal sealed record BuildPruneAnswer(IReadOnlyList<string> CachesDeleted, long SpaceReclaimed);
