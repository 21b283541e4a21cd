namespace Portal.Engine.Api.Containers.Answers;

/// <summary>The answer of <c>GET /containers/{id}/top</c>.</summary>
internal sealed record TopAnswer(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Processes);
