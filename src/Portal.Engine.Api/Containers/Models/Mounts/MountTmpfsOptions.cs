using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Containers.Models.Mounts;

/// <summary>Options of a tmpfs mount.</summary>
internal sealed record MountTmpfsOptions
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SizeBytes { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Mode { get; set; }

    /// <summary>Each a word, or a word and its value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<List<string>>? Options { get; set; }
}
