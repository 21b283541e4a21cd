namespace Portal.Engine.Builds.Dockerfiles.Instructions;

/// <summary>A pair of <c>ENV</c>, <c>LABEL</c> or <c>ARG</c>, quotes and variables still in both.</summary>
/// <param name="Key">The name.</param>
/// <param name="Value">The value; null for an <c>ARG</c> without one.</param>
/// <param name="IsPlain">True for the old form <c>ENV name the whole rest</c>.</param>
internal sealed record KeyValue(string Key, string? Value, bool IsPlain = false);
