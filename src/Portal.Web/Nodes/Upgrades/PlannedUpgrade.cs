using Portal.Web.Access;

namespace Portal.Web.Nodes.Upgrades;

/// <summary>An upgrade that was asked for.</summary>
/// <param name="NodeId">The node.</param>
/// <param name="Name">Its name.</param>
/// <param name="Id">The upgrade's.</param>
/// <param name="From">What the agent was built from that runs now.</param>
/// <param name="Offer">What is to come.</param>
/// <param name="Actor">Who asked for it.</param>
internal sealed record PlannedUpgrade(Guid NodeId, string Name, Guid Id, string From, AgentOffer Offer, Actor Actor)
{
    public NodeUpgrade At(NodeUpgradeStep step, string problem = "") => new(Id, Offer.Build, step, Problem: problem);
}
