using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Models.Mounts;

/// <summary>The driver of a volume that a mount asks for.</summary>
internal sealed record MountDriverConfig
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, string>? Options { get; set; }
}
