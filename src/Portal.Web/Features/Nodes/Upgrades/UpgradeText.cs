using System.Globalization;
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
        : upgrades.ObstacleOf(node) is null ? "upgrade available"
        : "";

    public static string Step(NodeUpgrade upgrade) => upgrade.Step switch
    {
        NodeUpgradeStep.Waiting => "waiting",
        NodeUpgradeStep.Sending when upgrade.Share >= 1 => "unpacking",
        NodeUpgradeStep.Sending => string.Create(CultureInfo.InvariantCulture, $"sending, {upgrade.Share * 100:0} %"),
        NodeUpgradeStep.Starting => "starting",
        NodeUpgradeStep.Succeeded => "upgraded",
        NodeUpgradeStep.WentBack => "went back",
        NodeUpgradeStep.NotBegun => "not begun",
        _ => "failed",
    };

    public static StatusTone Tone(NodeUpgrade upgrade) => upgrade.Step switch
    {
        NodeUpgradeStep.Succeeded => StatusTone.Good,
        NodeUpgradeStep.WentBack or NodeUpgradeStep.NotBegun => StatusTone.Warning,
        NodeUpgradeStep.Failed => StatusTone.Bad,
        _ => StatusTone.Busy,
    };
}
