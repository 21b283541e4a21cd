namespace Portal.Engine.Builds.Caching;

/// <summary>What the cache keeps of a step, one file each.</summary>
internal sealed record CacheRecord
{
    public required string Key { get; init; }

    public required string Description { get; init; }

    /// <summary>When the step ran: an image built from the cache alone is the same image, its times included.</summary>
    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset LastUsed { get; init; }

    public long Uses { get; init; }

    /// <summary>The key of the step that this one ran on top of; null for the first of its base image.</summary>
    public string? Parent { get; init; }

    /// <summary>The step's layer, or null when it changed no files.</summary>
    public string? DiffId { get; init; }

    /// <summary>The key of the layer's snapshot on top of what is below it.</summary>
    public string? ChainId { get; init; }

    public long Size { get; init; }
}
