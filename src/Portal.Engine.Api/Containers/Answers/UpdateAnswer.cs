namespace Portal.Engine.Api.Containers.Answers;

/// <summary>The answer of <c>POST /containers/{id}/update</c>.</summary>
internal sealed record UpdateAnswer(IReadOnlyList<string>? Warnings);
