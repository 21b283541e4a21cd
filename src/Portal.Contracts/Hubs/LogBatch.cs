namespace Portal.Contracts.Hubs;

/// <summary>Lines of one watched log, gathered for at most 100 ms.</summary>
/// <param name="SubscriptionId">The subscription that they belong to.</param>
/// <param name="Lines">The lines, oldest first; at most 1,000.</param>
/// <param name="Dropped">Lines left out before these because they came faster than they could be sent.</param>
/// <param name="Ended">True when no more will come: the container is gone.</param>
/// <param name="Error">Why no more will come, for the user; null otherwise.</param>
public sealed record LogBatch(string SubscriptionId, IReadOnlyList<LogLine> Lines, long Dropped, bool Ended, string? Error);
