using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Components.Shared;
using Portal.Web.Features.Volumes.Dialogs;
using Portal.Web.Features.Volumes.Listing;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Volumes;

/// <summary>The volumes of all nodes that the user may see, live. What is searched for stands in the address.</summary>
public sealed partial class VolumesPage
{
    private static readonly TimeSpan s_drawInterval = TimeSpan.FromMilliseconds(100);
    private VolumeQuery _query = VolumeQuery.Read(null, null, null, null);
    private List<VolumeRow> _rows = [];
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

    [SupplyParameterFromQuery(Name = "use")]
    public string? Use { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    public string? Sort { get; set; }

    [Inject]
    public required FleetVolumes Volumes { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.VolumesView;

    private IReadOnlyList<NodeState> Online => [.. Nodes.Where(node => node.Presence == NodePresence.Online)];

    private NodeState? ChosenNode => Nodes.FirstOrDefault(node => node.Name == _query.Node);

    private string Summary
    {
        get
        {
            if (Volumes.Rows.Count == 0)
            {
                return "";
            }

            var nodes = Volumes.Rows.Select(row => row.NodeId).Distinct().Count();
            var unused = Volumes.Rows.Count(row => !row.IsUsed);
            var text = $"{Volumes.Rows.Count} on {(nodes == 1 ? "1 node" : $"{nodes} nodes")}";
            var size = Volumes.Rows.Sum(row => row.Size ?? 0);
            return text + (size > 0 ? $", {Units.Bytes(size)}" : "") + (unused > 0 ? $", {unused} unused" : "");
        }
    }

    protected override void OnParametersSet()
    {
        _query = VolumeQuery.Read(Search, Node, Use, Sort);
        Show();
    }

    protected override void OnFleetChanged()
    {
        var ask = Volumes.Update(Nodes, Access);
        if (ask.Count > 0 && RendererInfo.IsInteractive)
        {
            _ = ReadAsync(ask);
        }

        // Counters change every two seconds, volumes rarely: only then is the page drawn again.
        var nodes = Nodes.Select(node => (node.Id, node.Name, node.Presence)).ToList();
        _unchanged = Volumes.Version == _shownVersion && nodes.SequenceEqual(_shownNodes) && Access.IsSameAs(_shownAccess);
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
            await Volumes.ReadAsync(User, nodeIds, DrawSoon, Closed);
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
        _shownVersion = Volumes.Version;
        _rows = _query.Apply(Volumes.Rows);
    }

    private void Filter(VolumeQuery query) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(query.ToAddress()), replace: true);

    private IReadOnlyList<NodeState> NodesThatAllow(string permission) =>
        [.. Nodes.Where(node => node.Presence == NodePresence.Online && Access.Allows(permission, AccessScope.Node(node.Id)))];

    private async Task CreateAsync()
    {
        var made = await Dialogs.OpenAsync<CreateVolumeDialog>("Create a volume", new()
        {
            [nameof(CreateVolumeDialog.Nodes)] = NodesThatAllow(PermissionNames.VolumesCreate),
            [nameof(CreateVolumeDialog.NodeId)] = ChosenNode?.Id,
            [nameof(CreateVolumeDialog.Access)] = Access,
        });
        if (made is VolumeKey key)
        {
            Navigation.NavigateTo($"nodes/{key.NodeId}/volumes/{Uri.EscapeDataString(key.Name)}");
        }
    }

    private Task PruneAsync() => Dialogs.OpenAsync<PruneVolumesDialog>("Remove unused volumes", new()
    {
        [nameof(PruneVolumesDialog.Nodes)] = NodesThatAllow(PermissionNames.VolumesRemove),
        [nameof(PruneVolumesDialog.NodeId)] = ChosenNode?.Id,
    });

    private Task RestoreAsync() => Dialogs.OpenAsync<RestoreDialog>("Restore a backup as a new volume", new()
    {
        [nameof(RestoreDialog.Nodes)] = NodesThatAllow(PermissionNames.VolumesRestore)
            .Where(node => Access.Allows(PermissionNames.VolumesCreate, AccessScope.Node(node.Id))).ToList(),
    });
}
