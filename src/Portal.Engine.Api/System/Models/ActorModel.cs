namespace Portal.Engine.Api.System.Models;

/// <summary>What an event happened to.</summary>
internal sealed record ActorModel(string ID, Dictionary<string, string> Attributes);
