namespace Portal.Engine.Builds;

/// <summary>Which entries of the cache to remove.</summary>
public sealed record BuildCachePruning
{
    /// <summary>Bytes to keep, the latest used first; 0 for none.</summary>
    public long KeepBytes { get; init; }

    /// <summary>Only what was not used for so long; null for all.</summary>
    public TimeSpan? UnusedFor { get; init; }

    /// <summary>Only entries with one of these ids, or ids that begin so; empty for all.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];
}
