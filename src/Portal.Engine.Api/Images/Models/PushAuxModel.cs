using System.Text.Json.Serialization;
using Portal.Engine.Api.Registries.Models;

namespace Portal.Engine.Api.Images.Models;

/// <summary>What a push came to: the tag and what it points at, or (in a document of its own) that it is less than the whole index.</summary>
internal sealed record PushAuxModel
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tag { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Digest { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Size { get; init; }

    [JsonPropertyName("manifestPushedInsteadOfIndex")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsPushedInsteadOfIndex { get; init; }

    [JsonPropertyName("originalIndex")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DescriptorModel? OriginalIndex { get; init; }

    [JsonPropertyName("selectedManifest")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DescriptorModel? SelectedManifest { get; init; }
}
