namespace Portal.Web.Features.Dashboard;

public sealed partial class DashboardPage
{
    private FleetSummary _summary = FleetSummary.Of([]);

    protected override void OnFleetChanged() => _summary = FleetSummary.Of(Nodes);
}
