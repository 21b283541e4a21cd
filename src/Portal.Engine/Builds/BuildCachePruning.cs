namespace Portal.Engine.Builds;

/// <summary>Which entries of the cache to remove.</summary>
public sealed record BuildCachePruning
{
    /// <summary>Bytes to keep, the latest used first; 0 for none.</summary>
    public long KeepBytes { get; init; }

    /// <summary>Only what was not used for so long; null for all.</summary>
    public TimeSpan? UnusedFor { get; init; }

    /// <summary>Leave what an image has too, and what takes no space: removing it frees nothing.</summary>
    public bool KeepShared { get; init; }

    /// <summary>Only entries of this kind; null for all. See <see cref="BuildCacheEntry.Kind"/>.</summary>
    public string? Kind { get; init; }

    /// <summary>Only entries with this description; null for all.</summary>
    public string? Description { get; init; }

    /// <summary>Only what an image has too (true), or none has (false); null for all.</summary>
    public bool? IsShared { get; init; }

    /// <summary>Only entries with one of these ids, or ids that begin so; empty for all.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];
}
