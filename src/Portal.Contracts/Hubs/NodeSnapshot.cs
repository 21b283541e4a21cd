namespace Portal.Contracts.Hubs;

/// <summary>All that the portal's lists show of a node, at one moment.</summary>
/// <param name="LastSequence">The last event that it includes.</param>
/// <param name="Info">The machine and its engine.</param>
/// <param name="Containers">All containers.</param>
public sealed record NodeSnapshot(long LastSequence, NodeFacts Info, IReadOnlyList<ContainerView> Containers)
{
    /// <summary>
    /// New with each start of the agent; null from agents that don't tell. Numbers of events begin anew between two runs alone: with several
    /// portals one may be told of a number that another has passed already.
    /// </summary>
    public Guid? Run { get; init; }
}
