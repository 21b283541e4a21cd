using Portal.Data.Entities.Alerts;

namespace Portal.Web.Features.Alerts;

/// <summary>All that the page of alerts shows.</summary>
/// <param name="Alerts">Those that fire first, then the history.</param>
/// <param name="Rules">By name.</param>
/// <param name="Targets">By name.</param>
/// <param name="Silences">By beginning.</param>
/// <param name="Deliveries">The newest messages.</param>
public sealed record AlertOverview(
    IReadOnlyList<Alert> Alerts,
    IReadOnlyList<AlertRule> Rules,
    IReadOnlyList<AlertTarget> Targets,
    IReadOnlyList<AlertSilence> Silences,
    IReadOnlyList<AlertDelivery> Deliveries);
