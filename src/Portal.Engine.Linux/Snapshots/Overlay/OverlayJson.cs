using System.Text.Json.Serialization;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>The forms of the snapshotter's own files.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LayerRecord))]
[JsonSerializable(typeof(RootRecord))]
internal sealed partial class OverlayJson : JsonSerializerContext;
