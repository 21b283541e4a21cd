namespace Portal.Engine.Builds;

/// <summary>
/// How much the cache of builds may hold. Applied at the engine's start and after each build; the longest unused goes first.
/// </summary>
/// <param name="MaxBytes">Bytes of files; 0 for no limit.</param>
/// <param name="MaxUnused">How long an entry that no build uses is kept; null for ever.</param>
public sealed record BuildCacheLimits(long MaxBytes, TimeSpan? MaxUnused = null);
