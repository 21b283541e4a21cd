using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Images.Dialogs;
using Portal.Web.Features.Images.Listing;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Images;

/// <summary>
/// The images of all nodes that the user may see, live, and the ways to get more. What is searched for stands in the address.
/// </summary>
public sealed partial class ImagesPage
{
    private static readonly TimeSpan s_drawInterval = TimeSpan.FromMilliseconds(100);
    private readonly HashSet<ImageKey> _selected = [];
    private ImageQuery _query = ImageQuery.Read(null, null, null, null);
    private List<ImageRow> _rows = [];
    private IReadOnlyList<(Guid Id, string Name, NodePresence Presence)> _shownNodes = [];
    private EffectiveAccess? _shownAccess;
    private Guid? _uploadNode;
    private int _shownVersion = -1;
    private bool _uploading;
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
    public required FleetImages Images { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.ImagesView;

    private IReadOnlyList<NodeState> Online => [.. Nodes.Where(node => node.Presence == NodePresence.Online)];

    private NodeState? ChosenNode => Nodes.FirstOrDefault(node => node.Name == _query.Node);

    private List<ImageRow> Selected => [.. Images.Rows.Where(row => !row.Stale && _selected.Contains(row.Key))];

    private bool AllSelected => _rows.Count > 0 && _rows.All(row => row.Stale || _selected.Contains(row.Key));

    private bool NodeIsEmpty => ChosenNode is { } node && Images.Rows.All(row => row.NodeId != node.Id);

    private IReadOnlyList<NodeState> BusyboxNodes =>
    [
        .. NodesThatAllow(PermissionNames.ImagesLoad)
            .Where(node => node.Facts?.HasBusybox == true)
            .Where(node => ChosenNode is null || node.Id == ChosenNode.Id),
    ];

    private string EmptyText => NodesThatAllow(PermissionNames.ImagesPull).Count == 0
        ? "Images that are pulled or uploaded appear here."
        : BusyboxNodes.Count > 0
            ? "Pull one, upload an archive, or begin with the busybox that is on the host: no registry needed."
            : "Pull one from a registry, or upload an archive.";

    private string Summary
    {
        get
        {
            if (Images.Rows.Count == 0)
            {
                return "";
            }

            var unused = Images.Rows.Count(row => !row.IsUsed);
            var dangling = Images.Rows.Count(row => row.IsDangling);
            var nodes = Images.Rows.Select(row => row.NodeId).Distinct().Count();
            var text = $"{Images.Rows.Count} on {(nodes == 1 ? "1 node" : $"{nodes} nodes")}";
            text += unused > 0 ? $", {unused} unused" : "";
            return text + (dangling > 0 ? $", {dangling} dangling" : "");
        }
    }

    protected override void OnParametersSet()
    {
        _query = ImageQuery.Read(Search, Node, Use, Sort);
        Show();
    }

    protected override void OnFleetChanged()
    {
        var ask = Images.Update(Nodes, Access);
        if (ask.Count > 0 && RendererInfo.IsInteractive)
        {
            _ = ReadAsync(ask);
        }

        // Counters change every two seconds, images rarely: only then is the page drawn again.
        var nodes = Nodes.Select(node => (node.Id, node.Name, node.Presence)).ToList();
        _unchanged = Images.Version == _shownVersion && nodes.SequenceEqual(_shownNodes) && Access.IsSameAs(_shownAccess);
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
            await Images.ReadAsync(User, nodeIds, DrawSoon, Closed);
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
        _shownVersion = Images.Version;
        _rows = _query.Apply(Images.Rows);
        if (_selected.Count > 0)
        {
            _selected.IntersectWith(Images.Rows.Select(row => row.Key));
        }
    }

    private void Filter(ImageQuery query) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(query.ToAddress()), replace: true);

    private IReadOnlyList<NodeState> NodesThatAllow(string permission) =>
        [.. Nodes.Where(node => node.Presence == NodePresence.Online && Access.Allows(permission, AccessScope.Node(node.Id)))];

    private Guid UploadNode(IReadOnlyList<NodeState> targets) =>
        (targets.FirstOrDefault(node => node.Id == _uploadNode)
            ?? targets.FirstOrDefault(node => node.Id == ChosenNode?.Id)
            ?? targets[0]).Id;

    private void Select(ImageRow row) => _ = _selected.Remove(row.Key) || _selected.Add(row.Key);

    private void SelectAll()
    {
        if (AllSelected)
        {
            _selected.Clear();
        }
        else
        {
            _selected.UnionWith(_rows.Where(row => !row.Stale).Select(row => row.Key));
        }
    }

    private void ClearSelection() => _selected.Clear();

    private Task PullAsync() => Dialogs.OpenAsync<PullDialog>("Pull an image", new()
    {
        [nameof(PullDialog.Nodes)] = NodesThatAllow(PermissionNames.ImagesPull),
        [nameof(PullDialog.NodeId)] = ChosenNode?.Id,
        [nameof(PullDialog.Access)] = Access,
    });

    private Task PruneAsync() => Dialogs.OpenAsync<PruneDialog>("Free space", new()
    {
        [nameof(PruneDialog.Nodes)] = NodesThatAllow(PermissionNames.ImagesRemove),
        [nameof(PruneDialog.NodeId)] = ChosenNode?.Id,
    });

    private Task RemoveAsync(IReadOnlyList<ImageRow> rows) => Dialogs.OpenAsync<RemoveImagesDialog>(
        rows.Count == 1 ? $"Remove '{ImageText.NameOf(rows[0].Image)}' from {rows[0].NodeName}?" : $"Remove {rows.Count} images?",
        new()
        {
            [nameof(RemoveImagesDialog.Rows)] = rows,
            [nameof(RemoveImagesDialog.Access)] = Access,
        });
}
