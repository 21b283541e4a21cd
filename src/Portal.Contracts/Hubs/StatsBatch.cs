namespace Portal.Contracts.Hubs;

/// <summary>One round of counters.</summary>
/// <param name="Samples">One for each container that runs: of those that are watched, or in the history of all.</param>
public sealed record StatsBatch(IReadOnlyList<StatsSample> Samples);
