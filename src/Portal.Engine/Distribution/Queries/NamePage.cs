using System.Text.Json.Serialization;

namespace Portal.Engine.Distribution.Queries;

/// <summary>A page of either list.</summary>
internal sealed record NamePage(IReadOnlyList<string?>? Tags, IReadOnlyList<string?>? Repositories);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, MaxDepth = 8)]
[JsonSerializable(typeof(NamePage))]
internal sealed partial class NameJson : JsonSerializerContext;
