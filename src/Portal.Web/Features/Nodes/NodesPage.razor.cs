using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Nodes.Joining;
using Portal.Web.Features.Nodes.Upgrades;
using Portal.Web.Nodes;
using Portal.Web.Nodes.Upgrades;

namespace Portal.Web.Features.Nodes;

public sealed partial class NodesPage
{
    private OpenTokens? _tokens;
    private IReadOnlyList<NodeRow>? _rows;
    private IReadOnlyList<NodeState> _upgradable = [];

    [Inject]
    public required INodeUpgrades Upgrades { get; init; }

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

    protected override void OnFleetChanged()
    {
        _rows = [.. Nodes.Where(node => NodeSelection.Holds(Selection, node) && Fits(node)).Select(node => new NodeRow(node))];
        _upgradable = [.. Nodes.Where(node =>
            Access.Allows(PermissionNames.NodesManage, AccessScope.Node(node.Id)) && Upgrades.ObstacleOf(node) is null)];
    }

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

    private Task UpgradeAsync()
    {
        var parameters = new Dictionary<string, object?> { [nameof(UpgradeNodesDialog.Offered)] = _upgradable };
        return Dialogs.OpenAsync<UpgradeNodesDialog>(T("Upgrade agents"), parameters, "640px");
    }

    private async Task AddAsync()
    {
        await Dialogs.OpenAsync<AddNodeDialog>(T("Add a node"), width: "640px");
        await _tokens!.RefreshAsync();
    }
}
