using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Dashboard;

public sealed partial class DashboardPage
{
    // Fills rows of two, three, four and six cards. A thousand cards were two megabytes, and drawn again as their nodes live.
    private const int FirstCards = 48;
    private const int MoreCards = 96;
    private FleetSummary _summary = FleetSummary.Of([]);
    private int _cards = FirstCards;

    // Where not all can be seen at once, those that want a look are not to be looked for.
    private IEnumerable<NodeState> Cards => Nodes.Count <= FirstCards ? Nodes
        : Nodes.OrderBy(node => node.Presence == NodePresence.Online ? 1 : 0).Take(_cards);

    private IReadOnlyList<Guid> Measured =>
        [.. Nodes.Select(node => node.Id).Where(id => Access.Allows(PermissionNames.MetricsView, AccessScope.Node(id)))];

    protected override void OnFleetChanged() => _summary = FleetSummary.Of(Nodes);
}
