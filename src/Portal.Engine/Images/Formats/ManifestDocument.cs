using System.Text.Json.Serialization;

namespace Portal.Engine.Images.Formats;

/// <summary>An image manifest, an index, or Docker's forms of them; which one, the members tell.</summary>
internal sealed record ManifestDocument
{
    public int SchemaVersion { get; init; }

    public string? MediaType { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Descriptor? Config { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Descriptor>? Layers { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Descriptor>? Manifests { get; init; }
}
