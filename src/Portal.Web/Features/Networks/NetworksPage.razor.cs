using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Networks.Dialogs;
using Portal.Web.Features.Networks.Listing;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Networks;

/// <summary>The networks of all nodes that the user may see, live. What is searched for stands in the address.</summary>
public sealed partial class NetworksPage
{
    private static readonly TimeSpan s_drawInterval = TimeSpan.FromMilliseconds(100);
    private const string PictureView = "picture";
    private readonly HashSet<NetworkKey> _selected = [];
    private NetworkQuery _query = NetworkQuery.Read(null, null, null, null, null);
    private List<NetworkRow> _rows = [];
    private IReadOnlyList<(Guid Id, string Name, NodePresence Presence)> _shownNodes = [];
    private EffectiveAccess? _shownAccess;
    private int _shownVersion = -1;
    private bool _asked;
    private bool _drawing;
    private bool _unchanged;

    [SupplyParameterFromQuery(Name = "q")]
    public string? Search { get; set; }

    [SupplyParameterFromQuery(Name = "node")]
    public string? Node { get; set; }

    [SupplyParameterFromQuery(Name = "driver")]
    public string? Driver { get; set; }

    [SupplyParameterFromQuery(Name = "use")]
    public string? Use { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    public string? Sort { get; set; }

    /// <summary>What is drawn: the list, or a picture of each node.</summary>
    [SupplyParameterFromQuery(Name = "view")]
    public string? View { get; set; }

    [Inject]
    public required FleetNetworks Networks { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.NetworksView;

    private IReadOnlyList<NodeState> Online => [.. Nodes.Where(node => node.Presence == NodePresence.Online)];

    private NodeState? ChosenNode => Nodes.FirstOrDefault(node => node.Name == _query.Node);

    private string Summary
    {
        get
        {
            if (Networks.Rows.Count == 0)
            {
                return "";
            }

            var nodes = Networks.Rows.Select(row => row.NodeId).Distinct().Count();
            var unused = Networks.Rows.Count(row => !row.IsUsed && !row.Network.Predefined);
            var text = $"{Networks.Rows.Count} on {(nodes == 1 ? "1 node" : $"{nodes} nodes")}";
            return text + (unused > 0 ? $", {unused} unused" : "");
        }
    }

    private bool ShowsPicture => View == PictureView;

    private List<NetworkRow> Selected => [.. Networks.Rows.Where(row => !row.Stale && _selected.Contains(row.Key))];

    private bool AllSelected => _rows.Any(CanSelect) && _rows.Where(CanSelect).All(row => _selected.Contains(row.Key));

    protected override void OnParametersSet()
    {
        _query = NetworkQuery.Read(Search, Node, Driver, Use, Sort);
        Show();
    }

    protected override void OnFleetChanged()
    {
        var ask = Networks.Update(Nodes, Access);
        if (ask.Count > 0 && RendererInfo.IsInteractive)
        {
            _ = ReadAsync(ask);
        }

        // Counters change every two seconds, networks rarely: only then is the page drawn again.
        var nodes = Nodes.Select(node => (node.Id, node.Name, node.Presence)).ToList();
        _unchanged = Networks.Version == _shownVersion && nodes.SequenceEqual(_shownNodes) && Access.IsSameAs(_shownAccess);
        if (!_unchanged)
        {
            (_shownNodes, _shownAccess) = (nodes, Access);
            Show();
        }
    }

    protected override bool ShouldRender()
    {
        var draw = !_unchanged;
        _unchanged = false;
        return draw;
    }

    private async Task ReadAsync(IReadOnlyList<Guid> nodeIds)
    {
        try
        {
            await Networks.ReadAsync(User, nodeIds, DrawSoon, Closed);
            _asked = true;
            Show();
            StateHasChanged();
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
        catch (Exception failure)
        {
            await DispatchExceptionAsync(failure);
        }
    }

    // Many nodes answer one after another: what comes within a tenth of a second is drawn at once.
    private void DrawSoon()
    {
        if (!_drawing)
        {
            _drawing = true;
            _ = DrawAsync();
        }
    }

    private async Task DrawAsync()
    {
        await Task.Delay(s_drawInterval, Time);
        _drawing = false;
        if (!Closed.IsCancellationRequested)
        {
            Show();
            StateHasChanged();
        }
    }

    private void Show()
    {
        _shownVersion = Networks.Version;
        _rows = _query.Apply(Networks.Rows);
        if (_selected.Count > 0)
        {
            _selected.IntersectWith(Networks.Rows.Select(row => row.Key));
        }
    }

    private static bool CanSelect(NetworkRow row) => !row.Stale && !row.Network.Predefined;

    private void Filter(NetworkQuery query) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(query.ToAddress()), replace: true);

    private string AddressOf(string? view) => Navigation.GetUriWithQueryParameter("view", view);

    private IReadOnlyList<NodeState> NodesThatAllow(string permission) =>
        [.. Nodes.Where(node => node.Presence == NodePresence.Online && Access.Allows(permission, AccessScope.Node(node.Id)))];

    private bool MayRemove(NetworkRow row) => Access.Allows(PermissionNames.NetworksRemove, AccessScope.Node(row.NodeId));

    private async Task CreateAsync()
    {
        var made = await Dialogs.OpenAsync<CreateNetworkDialog>("Create a network", new()
        {
            [nameof(CreateNetworkDialog.Nodes)] = NodesThatAllow(PermissionNames.NetworksCreate),
            [nameof(CreateNetworkDialog.NodeId)] = ChosenNode?.Id,
            [nameof(CreateNetworkDialog.Access)] = Access,
        });
        if (made is NetworkKey key)
        {
            Navigation.NavigateTo($"nodes/{key.NodeId}/networks/{Uri.EscapeDataString(key.Name)}");
        }
    }

    private async Task RemoveAsync(IReadOnlyList<NetworkRow> rows)
    {
        var title = rows.Count == 1 ? $"Remove '{rows[0].Name}' from {rows[0].NodeName}?" : $"Remove {rows.Count} networks?";
        await Dialogs.OpenAsync<RemoveNetworksDialog>(title, new() { [nameof(RemoveNetworksDialog.Rows)] = rows.ToList() });
    }

    private Task PruneAsync() => Dialogs.OpenAsync<PruneNetworksDialog>("Remove unused networks", new()
    {
        [nameof(PruneNetworksDialog.Nodes)] = NodesThatAllow(PermissionNames.NetworksRemove),
        [nameof(PruneNetworksDialog.NodeId)] = ChosenNode?.Id,
    });

    private void Select(NetworkRow row) => _ = _selected.Remove(row.Key) || _selected.Add(row.Key);

    private void SelectAll()
    {
        if (AllSelected)
        {
            _selected.Clear();
        }
        else
        {
            _selected.UnionWith(_rows.Where(CanSelect).Select(row => row.Key));
        }
    }
}
