using Portal.Web.Components.Shared;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Upgrades;

namespace Portal.Web.Features.Nodes.Upgrades;

/// <summary>How an upgrade of an agent stands, in words.</summary>
internal static class UpgradeText
{
    /// <summary>For a cell; empty when there is nothing to say.</summary>
    public static string Short(NodeState node, INodeUpgrades upgrades) =>
        node.Upgrade is { } upgrade && (upgrade.IsUnderWay || upgrade.Problem.Length > 0) ? Step(upgrade)
        : upgrades.ObstacleOf(node) is null ? T("upgrade available")
        : "";

    public static string Step(NodeUpgrade upgrade) => upgrade.Step switch
    {
        NodeUpgradeStep.Waiting => T("waiting"),
        NodeUpgradeStep.Sending when upgrade.Share >= 1 => T("unpacking"),
        NodeUpgradeStep.Sending => T("sending, {0:0} %", upgrade.Share * 100),
        NodeUpgradeStep.Starting => T("starting"),
        NodeUpgradeStep.Succeeded => T("upgraded"),
        NodeUpgradeStep.WentBack => T("went back"),
        NodeUpgradeStep.NotBegun => T("not begun"),
        _ => T("failed"),
    };

    public static StatusTone Tone(NodeUpgrade upgrade) => upgrade.Step switch
    {
        NodeUpgradeStep.Succeeded => StatusTone.Good,
        NodeUpgradeStep.WentBack or NodeUpgradeStep.NotBegun => StatusTone.Warning,
        NodeUpgradeStep.Failed => StatusTone.Bad,
        _ => StatusTone.Busy,
    };
}
