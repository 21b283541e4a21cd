using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Images.Models;

/// <summary>One row of <c>GET /images/json</c>.</summary>
internal sealed record ImageSummaryModel
{
    public long Containers { get; init; } = -1;

    public required long Created { get; init; }

    public required string Id { get; init; }

    public required Dictionary<string, string> Labels { get; init; }

    public string ParentId { get; init; } = "";

    public required List<string> RepoDigests { get; init; }

    public required List<string> RepoTags { get; init; }

    public long SharedSize { get; init; } = -1;

    public required long Size { get; init; }

    /// <summary>The same, which the API had up to 1.43.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? VirtualSize { get; init; }
}
