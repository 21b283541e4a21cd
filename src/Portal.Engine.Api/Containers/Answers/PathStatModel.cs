using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Answers;

/// <summary>Docker's <c>ContainerPathStat</c>, which travels in a header.</summary>
internal sealed record PathStatModel
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("size")]
    public long Size { get; init; }

    /// <summary>In the form of Go's <c>os.FileMode</c>.</summary>
    [JsonPropertyName("mode")]
    public uint Mode { get; init; }

    [JsonPropertyName("mtime")]
    public required string ModifiedTime { get; init; }

    [JsonPropertyName("linkTarget")]
    public required string LinkTarget { get; init; }
}
