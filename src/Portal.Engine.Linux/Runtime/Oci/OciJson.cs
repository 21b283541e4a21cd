using System.Text.Json.Serialization;
using Portal.Engine.Linux.Runtime.Seccomp;

namespace Portal.Engine.Linux.Runtime.Oci;

/// <summary>JSON of the runtime's files.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OciSpec))]
[JsonSerializable(typeof(OciProcess))]
[JsonSerializable(typeof(OciResources))]
[JsonSerializable(typeof(OciSeccomp))]
[JsonSerializable(typeof(SeccompProfile))]
[JsonSerializable(typeof(ProcessRecord))]
internal sealed partial class OciJson : JsonSerializerContext;
