namespace Portal.Contracts.Hubs;

/// <summary>A wish to see a log live.</summary>
/// <param name="SubscriptionId">Chosen by the portal; unique on the connection.</param>
/// <param name="ContainerId">The container's full id.</param>
/// <param name="Tail">Lines to begin with, 0 to 10,000; not looked at when <paramref name="Since"/> is given.</param>
/// <param name="Since">None before this moment; after a reconnect the time of the last line that came.</param>
public sealed record LogSubscription(string SubscriptionId, string ContainerId, int Tail, DateTimeOffset? Since);
