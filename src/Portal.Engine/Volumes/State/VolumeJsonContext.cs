using System.Text.Json.Serialization;
using Portal.Engine.Volumes.Backups;

namespace Portal.Engine.Volumes.State;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(VolumeRecord))]
[JsonSerializable(typeof(HoldRecord))]
[JsonSerializable(typeof(ArchiveHeader))]
internal sealed partial class VolumeJsonContext : JsonSerializerContext;
