using System.Text.Json.Serialization;
using Portal.Engine.Content;
using Portal.Engine.Errors;

namespace Portal.Engine.Images.Formats;

/// <summary>A pointer at content (image-spec, <c>descriptor.md</c>).</summary>
internal sealed record Descriptor
{
    public string? MediaType { get; init; }

    public string? Digest { get; init; }

    public long Size { get; init; } = -1;

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DescriptorPlatform? Platform { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Dictionary<string, string>? Annotations { get; init; }

    /// <summary>The digest, checked.</summary>
    public Digest ParseDigest(string what) => Content.Digest.Parse(Digest, what);

    /// <summary>Refuses what can't be a description of content.</summary>
    public Descriptor Check(string what, long maxSize)
    {
        ParseDigest(what);
        return Size >= 0 && Size <= maxSize
            ? this
            : throw EngineException.InvalidArgument($"The size of {what} is missing or not between 0 and {maxSize} bytes.");
    }
}
