using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Stats;

/// <summary>The fleet's history, or one node's, and who used most.</summary>
public sealed partial class StatsPage
{
    [SupplyParameterFromQuery(Name = "node")]
    public Guid? Node { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    // Of nodes that may not be seen there is no history either.
    private IReadOnlyList<NodeState> Measured =>
        [.. Nodes.Where(node => Access.Allows(PermissionNames.MetricsView, AccessScope.Node(node.Id)))];

    private IReadOnlyList<Guid> Chosen => [.. Measured.Select(node => node.Id).Where(id => Node is null || id == Node)];

    private string NameOf(Guid nodeId) => Nodes.FirstOrDefault(node => node.Id == nodeId)?.Name ?? "";

    private void OnNode(ChangeEventArgs change) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameter("node", Guid.TryParse(change.Value as string, out var id) ? id : (Guid?)null), replace: true);
}
