namespace Portal.Engine.Api.System.Models;

/// <summary>Something with nothing but a name.</summary>
internal sealed record NamedModel(string Name);
