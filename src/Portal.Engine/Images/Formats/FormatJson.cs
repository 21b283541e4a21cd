using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Portal.Engine.Errors;

namespace Portal.Engine.Images.Formats;

/// <summary>Strict parsing of what registries and archives say: no duplicate members, bounded depth, bounded length.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, MaxDepth = 32)]
[JsonSerializable(typeof(ManifestDocument))]
[JsonSerializable(typeof(ConfigDocument))]
[JsonSerializable(typeof(IReadOnlyList<DockerArchiveEntry>))]
internal sealed partial class FormatJson : JsonSerializerContext
{
    /// <summary>The most bytes that a manifest, an index or a configuration may have (distribution-spec: registries
    /// refuse more than 4 MiB).</summary>
    public const int MaxBytes = 4 << 20;

    /// <exception cref="EngineException">InvalidArgument: malformed.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> content, JsonTypeInfo<T> type, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(content, type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException failure)
        {
            throw new EngineException(EngineErrorKind.InvalidArgument, $"{what} is malformed: no valid JSON of its kind.", failure);
        }
    }
}
