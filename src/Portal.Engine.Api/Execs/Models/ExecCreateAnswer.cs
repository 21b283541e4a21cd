namespace Portal.Engine.Api.Execs.Models;

/// <summary>The answer of <c>POST /containers/{id}/exec</c>.</summary>
internal sealed record ExecCreateAnswer(string Id);
