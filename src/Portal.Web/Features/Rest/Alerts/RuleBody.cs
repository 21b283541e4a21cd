using Portal.Data.Entities.Alerts;
using Portal.Web.Features.Alerts.Rules;

namespace Portal.Web.Features.Rest.Alerts;

/// <summary>What an alert rule shall be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Severity">As the page has it: <c>warning</c>, <c>critical</c>, ...</param>
/// <param name="Condition">When it finds something.</param>
/// <param name="Enabled">Whether it is watched for.</param>
/// <param name="TargetIds">Who is told.</param>
internal sealed record RuleBody(
    string Name, string Severity, AlertCondition Condition, bool Enabled = true, IReadOnlyList<Guid>? TargetIds = null)
{
    public AlertRule ToRule(Guid id) => new()
    {
        Id = id, Name = Name, Severity = Severity, Enabled = Enabled, TargetIds = [.. TargetIds ?? []],
    };
}
