using Grpc.Core;
using Microsoft.AspNetCore.Components;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.Images.Dialogs;
using Portal.Web.Features.Images.Listing;
using Portal.Web.Features.Images.Transfers;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Images.Details;

/// <summary>One image on one node: its names, what uses it, its layers and settings.</summary>
public sealed partial class ImagePage
{
    private static readonly (string Name, string Title)[] s_tabs = [("layers", "Layers"), ("settings", "Settings"), ("inspect", "Inspect")];
    private InspectImageResponse? _image;
    private ImageRow? _row;
    private EffectiveAccess? _shownAccess;
    private NodeState? _node;
    private (Guid NodeId, string Id, long Version, DateTimeOffset? Since)? _asked;
    private string? _error;
    private bool _gone;
    private bool _unchanged;

    [Parameter]
    public Guid NodeId { get; set; }

    /// <summary>The id's digits, without its algorithm.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [Parameter]
    public string? Tab { get; set; }

    [Inject]
    public required ImageTransfers Transfers { get; init; }

    [Inject]
    public required ImageCommands Images { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.ImagesView;

    private string Current => s_tabs.Any(tab => tab.Name == Tab) ? Tab! : s_tabs[0].Name;

    protected override void OnParametersSet()
    {
        if (_asked is { } asked && (asked.NodeId, asked.Id) != (NodeId, Id))
        {
            (_image, _row, _node, _gone, _error) = (null, null, null, false, null);
        }

        OnFleetChanged();
        _unchanged = false;
    }

    protected override void OnFleetChanged()
    {
        var node = Nodes.FirstOrDefault(node => node.Id == NodeId);
        _unchanged = ReferenceEquals(node?.Containers, _node?.Containers) && node?.Presence == _node?.Presence
            && node?.Name == _node?.Name && Access.IsSameAs(_shownAccess);
        (_node, _shownAccess) = (node, Access);
        if (node is null)
        {
            (_gone, _unchanged) = (true, false);
            return;
        }

        MakeRow();
        var now = (NodeId, Id, node.ImagesVersion, node.Since);
        if (node.Presence == NodePresence.Online && _asked != now && RendererInfo.IsInteractive)
        {
            _asked = now;
            _ = LoadAsync();
        }
        else if (node.Presence != NodePresence.Online && _image is null)
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

    private async Task LoadAsync()
    {
        var asked = _asked;
        try
        {
            var image = await Images.InspectAsync(User, NodeId, "sha256:" + Id, Closed);
            if (asked == _asked)
            {
                (_image, _error, _gone) = (image, null, false);
                MakeRow();
            }
        }
        catch (NodeCallException failure) when (failure.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument)
        {
            (_image, _row, _gone) = (null, null, true);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }

        if (!Closed.IsCancellationRequested)
        {
            _unchanged = false;
            StateHasChanged();
        }
    }

    private void MakeRow()
    {
        if (_image is null || _node is null)
        {
            return;
        }

        var users = Access.Allows(PermissionNames.ContainersView, AccessScope.Node(NodeId))
            ? _node.Containers.Values.Where(container => container.ImageId == _image.Image.Id)
            : [];
        _row = new ImageRow(
            _node,
            _image.Image,
            [.. users.OrderByDescending(user => user.State == "running").ThenBy(user => user.Name, StringComparer.OrdinalIgnoreCase)]);
    }

    private bool May(string permission) => Access.Allows(permission, AccessScope.Node(NodeId));

    private async Task UntagAsync(string name)
    {
        _error = null;
        try
        {
            var outcome = await Images.RemoveAsync(User, NodeId, name, force: false, CancellationToken.None);
            _error = outcome.Conflict is null ? null : $"The name '{name}' is the image's last one, and the image is in use.";
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            _error = failure.Message;
        }
    }

    private void PullAgain() => Transfers.Pull(User, NodeId, _row!.Name);

    private async Task RemoveAsync()
    {
        await Dialogs.OpenAsync<RemoveImagesDialog>($"Remove '{ImageText.NameOf(_row!.Image)}' from {_row.NodeName}?", new()
        {
            [nameof(RemoveImagesDialog.Rows)] = (IReadOnlyList<ImageRow>)[_row],
            [nameof(RemoveImagesDialog.Access)] = Access,
        });
        if (_gone)
        {
            Navigation.NavigateTo("images");
        }
    }
}
