using System.Text.Json.Serialization;
using Portal.Engine.Linux.Runtime.Cdi.Model;

namespace Portal.Engine.Linux.Runtime.Cdi;

/// <summary>JSON of CDI specifications. Unknown members are errors: what they ask for would be missing without a word.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CdiSpec))]
internal sealed partial class CdiJson : JsonSerializerContext;
