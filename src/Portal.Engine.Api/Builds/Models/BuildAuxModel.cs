using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Builds.Models;

/// <summary>The image that a build made, for programs.</summary>
internal sealed record BuildAuxModel([property: JsonPropertyName("ID")] string Id);
