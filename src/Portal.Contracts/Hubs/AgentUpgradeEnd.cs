namespace Portal.Contracts.Hubs;

/// <summary>How an upgrade of an agent ended.</summary>
/// <param name="UpgradeId">Which one, as it was offered.</param>
/// <param name="Build">The version that was to come.</param>
/// <param name="Succeeded">True when it runs; false when the one before came back.</param>
/// <param name="Reason">Why that was, for people; empty when it succeeded.</param>
public sealed record AgentUpgradeEnd(Guid UpgradeId, string Build, bool Succeeded, string Reason);
