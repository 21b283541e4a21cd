using Portal.Web.Access;

namespace Portal.Web.Nodes.Upgrades;

/// <summary>
/// Brings nodes the agent of this portal's release. The caller has asked the <see cref="IAuthorizer"/> for <c>nodes.manage</c> before. How far an
/// upgrade is, <see cref="NodeState.Upgrade"/> says; it goes on when whoever began it looks away.
/// </summary>
public interface INodeUpgrades
{
    /// <summary>The agent that this portal has for a node's kind of machine.</summary>
    /// <returns>Null when it has none, or the node's kind is not known.</returns>
    AgentOffer? OfferFor(NodeState node);

    /// <summary>Why a node can't be upgraded now.</summary>
    /// <returns>Null when it can: there is another version for it, and it can take it.</returns>
    string? ObstacleOf(NodeState node);

    /// <summary>Begins to upgrade nodes: two at a time, and after one that did not succeed no further ones.</summary>
    /// <returns>Why none was begun, for the user; null when they were.</returns>
    Task<string?> BeginAsync(IReadOnlyList<Guid> nodeIds, Actor actor, CancellationToken cancellationToken);
}
