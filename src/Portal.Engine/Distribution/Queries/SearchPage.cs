using System.Text.Json.Serialization;

namespace Portal.Engine.Distribution.Queries;

/// <summary>What <c>/v1/search</c> answers.</summary>
internal sealed record SearchPage
{
    [JsonPropertyName("num_results")]
    public int Count { get; init; }

    [JsonPropertyName("results")]
    public IReadOnlyList<SearchResult?>? Results { get; init; }
}

/// <summary>One thing that was found.</summary>
internal sealed record SearchResult
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("description")]
    public string? Description { get; init; }

    [JsonPropertyName("star_count")]
    public int StarCount { get; init; }

    [JsonPropertyName("is_official")]
    public bool IsOfficial { get; init; }

    [JsonPropertyName("is_automated")]
    public bool IsAutomated { get; init; }
}

[JsonSourceGenerationOptions(AllowDuplicateProperties = false, MaxDepth = 8)]
[JsonSerializable(typeof(SearchPage))]
internal sealed partial class SearchJson : JsonSerializerContext;
