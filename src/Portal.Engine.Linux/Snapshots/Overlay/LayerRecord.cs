using System.Text.Json.Serialization;

namespace Portal.Engine.Linux.Snapshots.Overlay;

/// <summary>What <c>layer.json</c> says of a committed layer.</summary>
internal sealed record LayerRecord
{
    /// <summary>The layer's chain id.</summary>
    public required string ChainId { get; init; }

    /// <summary>The chain id of the layer below, or null for the lowest.</summary>
    public string? Parent { get; init; }

    /// <summary>The digest of the uncompressed archive.</summary>
    public required string DiffId { get; init; }

    /// <summary>Bytes of file content.</summary>
    public required long Size { get; init; }

    /// <summary>The boot in which it was unpacked: without a flush, its content is certain for that boot only.</summary>
    public required string BootId { get; init; }

    /// <summary>When it was unpacked.</summary>
    public DateTimeOffset Unpacked { get; init; }

    /// <summary>The name of its folder.</summary>
    [JsonIgnore]
    public string ShortId { get; init; } = "";

    /// <summary>True once its content is on the disk.</summary>
    [JsonIgnore]
    public bool IsFlushed { get; init; }
}
