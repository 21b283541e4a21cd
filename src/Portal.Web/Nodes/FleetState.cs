using System.Collections.Immutable;

namespace Portal.Web.Nodes;

/// <summary>All nodes at one moment.</summary>
/// <param name="Version">Grows with each change.</param>
/// <param name="Nodes">By id.</param>
public sealed record FleetState(long Version, ImmutableDictionary<Guid, NodeState> Nodes)
{
    public static FleetState Empty { get; } = new(0, ImmutableDictionary<Guid, NodeState>.Empty);
}
