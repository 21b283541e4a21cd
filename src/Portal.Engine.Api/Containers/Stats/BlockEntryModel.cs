using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Stats;

/// <summary>A sum of block I/O.</summary>
internal sealed record BlockEntryModel
{
    [JsonPropertyName("major")]
    public int Major { get; init; }

    [JsonPropertyName("minor")]
    public int Minor { get; init; }

    [JsonPropertyName("op")]
    public required string Operation { get; init; }

    [JsonPropertyName("value")]
    public required long Value { get; init; }
}
