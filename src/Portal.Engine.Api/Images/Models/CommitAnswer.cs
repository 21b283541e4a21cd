namespace Portal.Engine.Api.Images.Models;

/// <summary>The answer of <c>POST /commit</c>.</summary>
internal sealed record CommitAnswer(string Id);
