namespace Portal.Engine.Api.System.Models;

/// <summary>A part of the engine.</summary>
internal sealed record ComponentModel(string Name, string Version, Dictionary<string, string> Details);
