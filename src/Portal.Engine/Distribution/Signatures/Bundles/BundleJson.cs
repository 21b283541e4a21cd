using System.Text.Json.Serialization;

namespace Portal.Engine.Distribution.Signatures.Bundles;

/// <summary>Strict parsing of what registries send around signatures: no duplicate members, bounded depth; bounded length is the caller's part.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, MaxDepth = 32)]
[JsonSerializable(typeof(ReferrerDocument))]
[JsonSerializable(typeof(BundleDocument))]
[JsonSerializable(typeof(StatementDocument))]
internal sealed partial class BundleJson : JsonSerializerContext;
