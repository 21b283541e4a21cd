namespace Portal.Engine.Api.System.Models;

/// <summary>A problem of the store; kind and outcome are the engine's words.</summary>
internal sealed record StoreProblemModel(string Kind, string Subject, string Message, string Outcome);
