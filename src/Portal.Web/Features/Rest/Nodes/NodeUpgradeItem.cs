using Portal.Web.Nodes;
using Portal.Web.Nodes.Upgrades;

namespace Portal.Web.Features.Rest.Nodes;

/// <summary>A node's agent, the one that the portal has for it, and how its last upgrade stands.</summary>
/// <param name="Build">What the agent was built from; empty when nothing says so.</param>
/// <param name="OfferedBuild">The same of the portal's; null when it has none for this kind of machine.</param>
/// <param name="Obstacle">Why the node can't be upgraded now; null when it can.</param>
/// <param name="Step">How far the upgrade is that was asked for last; null when there was none since the portal started.</param>
/// <param name="Share">Of the archive, how much the node has: 0 to 1.</param>
/// <param name="Problem">Why the last upgrade did not succeed; empty otherwise.</param>
internal sealed record NodeUpgradeItem(
    string Build, string? OfferedBuild, string? Obstacle, NodeUpgradeStep? Step, double Share, string Problem)
{
    public static NodeUpgradeItem Of(NodeState node, INodeUpgrades upgrades)
    {
        var problem = node.Upgrade?.Problem ?? node.Facts?.LastUpgrade?.Reason ?? "";
        return new NodeUpgradeItem(
            node.Facts?.AgentBuild ?? "", upgrades.OfferFor(node)?.Build, upgrades.ObstacleOf(node), node.Upgrade?.Step,
            node.Upgrade?.Share ?? 0, problem);
    }
}
