namespace Portal.Engine.Api.Containers.Answers;

/// <summary>An entry of <c>GET /containers/{id}/changes</c>: 0 modified, 1 added, 2 deleted.</summary>
internal sealed record ChangeModel(string Path, int Kind);
