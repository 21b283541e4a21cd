using Portal.Data.Entities.Alerts;
using Portal.Web.Features.Alerts.Rules;

namespace Portal.Web.Features.Rest.Alerts;

/// <summary>An alert rule.</summary>
internal sealed record RuleItem(
    Guid Id, string Name, string Severity, AlertCondition Condition, bool Enabled, IReadOnlyList<Guid> TargetIds, DateTimeOffset CreatedAt)
{
    public static RuleItem Of(AlertRule row) =>
        new(row.Id, row.Name, row.Severity, AlertCondition.Parse(row.Condition), row.Enabled, row.TargetIds, row.CreatedAt);
}
