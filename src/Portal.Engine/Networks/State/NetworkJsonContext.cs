using System.Text.Json.Serialization;
using Portal.Engine.Networks.Overlay;

namespace Portal.Engine.Networks.State;

/// <summary>Serializers of the state files, made at build time: the first attach pays for no reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(NetworkDefinition))]
[JsonSerializable(typeof(SandboxRecord))]
[JsonSerializable(typeof(OverlayTable))]
internal sealed partial class NetworkJsonContext : JsonSerializerContext;
