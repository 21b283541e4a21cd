using System.Globalization;
using Portal.Data.Entities.Alerts;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Alerts.Rules;

namespace Portal.Web.Features.Alerts.Pages;

/// <summary>Says in a sentence what a rule finds.</summary>
internal static class RuleText
{
    public static string Of(AlertRule rule)
    {
        var condition = AlertCondition.Parse(rule.Condition);
        var kind = AlertKindInfo.Of(condition.Kind);
        var threshold = kind.Unit is null ? "" : string.Create(CultureInfo.InvariantCulture, $": {condition.Threshold:0.##} {kind.Unit}");
        var lasting = condition.ForSeconds > 0 ? $", for {Units.Duration(TimeSpan.FromSeconds(condition.ForSeconds))}" : "";
        var names = condition.NamePattern.Length > 0 ? $", of {condition.NamePattern}" : "";
        var nodes = condition.NodeIds.Count > 0 ? $", on {condition.NodeIds.Count} nodes" : "";
        if (condition.Kind == AlertKind.ContainerLog)
        {
            var window = Units.Duration(TimeSpan.FromSeconds(condition.WindowSeconds));
            var number = condition.Threshold.ToString("0.##", CultureInfo.InvariantCulture);
            var lines = condition.Threshold == 1 ? "A line" : $"{number} lines";
            return $"{lines} like {condition.LinePattern} in {window}{lasting}{names}{nodes}";
        }

        return kind.Title + threshold + lasting + names + nodes;
    }
}
