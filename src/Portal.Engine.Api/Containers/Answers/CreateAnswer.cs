namespace Portal.Engine.Api.Containers.Answers;

/// <summary>The answer of <c>POST /containers/create</c>.</summary>
internal sealed record CreateAnswer(string Id, IReadOnlyList<string> Warnings);
