namespace Portal.Web.Nodes.Upgrades;

/// <summary>An upgrade of a node's agent, as far as it has come.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Build">The version that is to come.</param>
/// <param name="Step">How far it is.</param>
/// <param name="Share">Of the archive, how much the node has: 0 to 1.</param>
/// <param name="Problem">Why it failed, was not begun or went back, for people; empty otherwise.</param>
public sealed record NodeUpgrade(Guid Id, string Build, NodeUpgradeStep Step, double Share = 0, string Problem = "")
{
    /// <summary>Whether it has not come to its end.</summary>
    public bool IsUnderWay => Step is NodeUpgradeStep.Waiting or NodeUpgradeStep.Sending or NodeUpgradeStep.Starting;
}
