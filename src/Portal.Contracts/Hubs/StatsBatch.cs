namespace Portal.Contracts.Hubs;

/// <summary>One round of counters.</summary>
/// <param name="Samples">One for each watched container that runs.</param>
public sealed record StatsBatch(IReadOnlyList<StatsSample> Samples);
