using System.Text.Json.Serialization;

namespace Portal.Engine.Api.Registries.Models;

/// <summary>The answer of <c>GET /distribution/{name}/json</c>.</summary>
internal sealed record DistributionModel(DescriptorModel Descriptor, List<PlatformModel> Platforms);

/// <summary>What a name points at (image-spec, <c>descriptor.md</c>).</summary>
internal sealed record DescriptorModel(
    [property: JsonPropertyName("mediaType")] string MediaType,
    [property: JsonPropertyName("digest")] string Digest,
    [property: JsonPropertyName("size")] long Size);

/// <summary>A platform that there is an image for.</summary>
internal sealed record PlatformModel(
    [property: JsonPropertyName("architecture")] string Architecture,
    [property: JsonPropertyName("os")] string Os,
    [property: JsonPropertyName("variant"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Variant);
