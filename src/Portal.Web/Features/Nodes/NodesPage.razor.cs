using Microsoft.AspNetCore.Components;
using Portal.Web.Components.Dialogs;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Nodes;

public sealed partial class NodesPage
{
    private IReadOnlyList<NodeRow>? _rows;

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>Part of what people look for.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Words { get; set; }

    /// <summary>A <see cref="NodeSelection"/>.</summary>
    [SupplyParameterFromQuery(Name = "node")]
    public string? Chosen { get; set; }

    private string Search => Words ?? "";

    private string Selection => Chosen ?? "";

    protected override void OnParametersSet() => OnFleetChanged();

    protected override void OnFleetChanged() => _rows =
        [.. Nodes.Where(node => NodeSelection.Holds(Selection, node) && Fits(node)).Select(node => new NodeRow(node))];

    private bool Fits(NodeState node)
    {
        var search = Search.Trim();
        return search.Length == 0
            || node.Name.Contains(search, StringComparison.OrdinalIgnoreCase)
            || node.Facts?.OperatingSystem.Contains(search, StringComparison.OrdinalIgnoreCase) == true
            || node.Labels.Any(label => NodeLabels.TextOf(label).Contains(search, StringComparison.OrdinalIgnoreCase));
    }

    private void Filter(string search, string selection)
    {
        (Words, Chosen) = (search, selection);
        OnFleetChanged();
        var address = new Dictionary<string, object?>
        {
            ["q"] = search.Trim().Length == 0 ? null : search, ["node"] = selection.Length == 0 ? null : selection,
        };
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(address), replace: true);
    }

    private Task AddAsync() => Dialogs.OpenAsync<AddNodeDialog>("Add a node", width: "640px");
}
