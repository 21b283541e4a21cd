namespace Portal.Engine.Api.Containers.Answers;

/// <summary>Why a wait failed after its answer had begun.</summary>
internal sealed record WaitError(string Message);
