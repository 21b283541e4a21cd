using System.Text.Json.Serialization;

namespace Portal.Engine.Builds.Caching;

/// <summary>How records are written.</summary>
[JsonSerializable(typeof(CacheRecord))]
[JsonSerializable(typeof(BuildCacheLimits))]
internal sealed partial class CacheJson : JsonSerializerContext;
