using Microsoft.AspNetCore.Components;

namespace Portal.Web.Features.Stats;

/// <summary>The fleet's history, or one node's, and who used most.</summary>
public sealed partial class StatsPage
{
    [SupplyParameterFromQuery(Name = "node")]
    public Guid? Node { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    private IReadOnlyList<Guid> Chosen => [.. Nodes.Select(node => node.Id).Where(id => Node is null || id == Node)];

    private string NameOf(Guid nodeId) => Nodes.FirstOrDefault(node => node.Id == nodeId)?.Name ?? "";

    private void OnNode(ChangeEventArgs change) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameter("node", Guid.TryParse(change.Value as string, out var id) ? id : (Guid?)null), replace: true);
}
