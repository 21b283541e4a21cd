namespace Portal.Engine.Api.Containers.Answers;

/// <summary>The answer of <c>POST /containers/prune</c>.</summary>
internal sealed record PruneAnswer(IReadOnlyList<string> ContainersDeleted, long SpaceReclaimed);
