using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Registries.Models;

/// <summary>One row of <c>GET /images/search</c>.</summary>
internal sealed record SearchResultModel(
    [property: JsonPropertyName("star_count")] int Stars,
    [property: JsonPropertyName("is_official")] bool IsOfficial,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("is_automated")] bool IsAutomated,
    [property: JsonPropertyName("description")] string Description);
