using Grpc.Core;
using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Volumes.Files;
using Portal.Web.Features.Volumes.Listing;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Volumes.Details;

/// <summary>One volume: what it is, who uses it, and its files.</summary>
public sealed partial class VolumePage
{
    private static readonly (string Name, string Title, string Permission)[] s_tabs =
    [
        ("details", "Details", PermissionNames.VolumesView),
        ("files", "Files", PermissionNames.VolumesFiles),
        ("inspect", "Inspect", PermissionNames.VolumesView),
    ];

    private NodeState? _node;
    private Volume? _volume;
    private VolumeRow? _row;
    private VolumeFileSource? _source;
    private EffectiveAccess? _shownAccess;
    private (Guid Node, string Name, long Version, DateTimeOffset? Since)? _asked;
    private string _json = "";
    private string? _error;
    private bool _gone;
    private bool _measuring;
    private bool _unchanged;

    [Parameter]
    public Guid NodeId { get; set; }

    [Parameter]
    public string Name { get; set; } = "";

    [Parameter]
    public string? Tab { get; set; }

    /// <summary>The folder, on the view of files.</summary>
    [SupplyParameterFromQuery(Name = "path")]
    public string? Path { get; set; }

    [Inject]
    public required VolumeCommands Volumes { get; init; }

    [Inject]
    public required VolumeFiles Files { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.VolumesView;

    private IEnumerable<(string Name, string Title, string Permission)> AllowedTabs => s_tabs.Where(tab => May(tab.Permission));

    private string Current => AllowedTabs.Any(tab => tab.Name == Tab) ? Tab! : s_tabs[0].Name;

    protected override void OnParametersSet()
    {
        if (_volume is not null && (_volume.Name != Name || _node?.Id != NodeId))
        {
            (_volume, _row, _gone, _error) = (null, null, false, null);
        }

        OnFleetChanged();
        _unchanged = false;
    }

    // Counters change every two seconds, this volume rarely: only then is the page drawn again.
    protected override void OnFleetChanged()
    {
        var node = Nodes.FirstOrDefault(node => node.Id == NodeId);
        _unchanged = node?.Presence == _node?.Presence && node?.Name == _node?.Name && Access.IsSameAs(_shownAccess);
        (_node, _shownAccess) = (node, Access);
        if (node is null)
        {
            (_gone, _unchanged) = (true, false);
            return;
        }

        MakeRow();
        var now = (NodeId, Name, node.VolumesVersion, node.Since);
        if (node.Presence == NodePresence.Online && _asked != now && RendererInfo.IsInteractive)
        {
            _asked = now;
            _ = LoadAsync(measure: false);
        }
        else if (node.Presence != NodePresence.Online && _volume is null)
        {
            _error = $"The node '{node.Name}' is offline. What is on it shows when it is back.";
        }
    }

    protected override bool ShouldRender()
    {
        var draw = !_unchanged;
        _unchanged = false;
        return draw;
    }

    private bool May(string permission) => Access.Allows(permission, AccessScope.Node(NodeId));

    private async Task LoadAsync(bool measure)
    {
        var asked = _asked;
        _measuring |= measure;
        try
        {
            var answer = await Volumes.InspectAsync(User, NodeId, Name, measure, Closed);
            if (asked == _asked)
            {
                (_volume, _json, _error, _gone) = (answer.Volume, answer.Json, null, false);
                MakeRow();
            }
        }
        catch (NodeCallException failure) when (failure.StatusCode is StatusCode.NotFound)
        {
            (_volume, _row, _gone) = (null, null, true);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }
        finally
        {
            _measuring &= !measure;
        }

        if (!Closed.IsCancellationRequested)
        {
            _unchanged = false;
            StateHasChanged();
        }
    }

    private void MakeRow()
    {
        if (_volume is null || _node is null)
        {
            return;
        }

        _row = new VolumeRow(_node, _volume, May(PermissionNames.ContainersView));
        if (_source is null || _source.Volume != _row.Key)
        {
            _source = new VolumeFileSource(Files, _row.Key);
        }
    }

    private void OnRemoved() => Navigation.NavigateTo("volumes");
}
