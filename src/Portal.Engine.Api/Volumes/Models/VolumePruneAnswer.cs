namespace Portal.Engine.Api.Volumes.Models;

/// <summary>The answer of <c>POST /volumes/prune</c>.</summary>
internal sealed record VolumePruneAnswer(List<string> VolumesDeleted, long SpaceReclaimed);
