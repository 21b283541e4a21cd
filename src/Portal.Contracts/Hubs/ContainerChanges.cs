namespace Portal.Contracts.Hubs;

/// <summary>What has changed in a node's list of containers.</summary>
/// <param name="Changed">New ones and changed ones, as they are now.</param>
/// <param name="RemovedIds">Full ids of those that are gone.</param>
public sealed record ContainerChanges(IReadOnlyList<ContainerView> Changed, IReadOnlyList<string> RemovedIds);
