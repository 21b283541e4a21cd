using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Builds.Models;

/// <summary>An entry of the cache in <c>/system/df</c>.</summary>
internal sealed record BuildCacheModel
{
    public required string ID { get; init; }

    /// <summary>Null, and left out, where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required IReadOnlyList<string>? Parents { get; init; }

    public required string Type { get; init; }

    public required string Description { get; init; }

    public bool InUse { get; init; }

    public bool Shared { get; init; }

    public long Size { get; init; }

    public required string CreatedAt { get; init; }

    public required string LastUsedAt { get; init; }

    public long UsageCount { get; init; }
}
