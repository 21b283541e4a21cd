using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Images.Models;

/// <summary>One thing that a removal took away.</summary>
internal sealed record ImageRemovalModel
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Untagged { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Deleted { get; init; }
}
