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
        var found = condition.Kind == AlertKind.ContainerLog ? LinesOf(condition)
            : kind.Unit is { } unit ? T("{0}: {1:0.##} {2}", T(kind.Title), condition.Threshold, T(unit))
            : T(kind.Title);
        List<string> parts = [found];
        if (condition.ForSeconds > 0)
        {
            parts.Add(T("for {0}", Units.Duration(TimeSpan.FromSeconds(condition.ForSeconds))));
        }

        if (condition.NamePattern.Length > 0)
        {
            parts.Add(T("of {0}##containers", condition.NamePattern));
        }

        if (condition.NodeIds.Count > 0)
        {
            parts.Add(Plural(condition.NodeIds.Count, "on {0} node", "on {0} nodes"));
        }

        return string.Join(", ", parts);
    }

    private static string LinesOf(AlertCondition condition)
    {
        var window = Units.Duration(TimeSpan.FromSeconds(condition.WindowSeconds));
        return condition.Threshold == 1
            ? T("A line like {0} in {1}", condition.LinePattern, window)
            : T("{0:0.##} lines like {1} in {2}", condition.Threshold, condition.LinePattern, window);
    }
}
