using System.Text.Json.Serialization;

namespace Portal.Engine.Images.Formats;

/// <summary>One image in the <c>manifest.json</c> of a docker-archive (moby, image spec v1.2).</summary>
internal sealed record DockerArchiveEntry
{
    [JsonPropertyName("Config")]
    public string? Config { get; init; }

    [JsonPropertyName("RepoTags")]
    public IReadOnlyList<string>? RepoTags { get; init; }

    [JsonPropertyName("Layers")]
    public IReadOnlyList<string>? Layers { get; init; }
}
