using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Volumes.Models;

/// <summary>A volume, as list, create and inspect tell it.</summary>
internal sealed record VolumeModel
{
    public required string CreatedAt { get; init; }

    public required string Driver { get; init; }

    public required Dictionary<string, string> Labels { get; init; }

    public required string Mountpoint { get; init; }

    public required string Name { get; init; }

    public Dictionary<string, string>? Options { get; init; }

    public string Scope { get; init; } = "local";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VolumeUsageModel? UsageData { get; init; }
}
