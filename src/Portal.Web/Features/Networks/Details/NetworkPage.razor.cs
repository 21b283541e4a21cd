using Grpc.Core;
using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Contracts.Networks.V1;
using Portal.Web.Access;
using Portal.Web.Components.Dialogs;
using Portal.Web.Features.FleetLists;
using Portal.Web.Features.Networks.Dialogs;
using Portal.Web.Features.Networks.Listing;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Nodes;
using Endpoint = Portal.Contracts.Networks.V1.Endpoint;

namespace Portal.Web.Features.Networks.Details;

/// <summary>One network: what it is, and the containers on it.</summary>
public sealed partial class NetworkPage
{
    private static readonly (string Name, string Title)[] s_tabs = [("details", "Details"), ("inspect", "Inspect")];

    private NodeState? _node;
    private Network? _network;
    private NetworkRow? _row;
    private EffectiveAccess? _shownAccess;
    private (Guid Node, string Name, long Version, DateTimeOffset? Since, int Containers)? _asked;
    private string _json = "";
    private string? _error;
    private bool _gone;
    private bool _unchanged;

    [Parameter]
    public Guid NodeId { get; set; }

    [Parameter]
    public string Name { get; set; } = "";

    [Parameter]
    public string? Tab { get; set; }

    [Inject]
    public required NetworkCommands Networks { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override string ViewPermission => PermissionNames.NetworksView;

    private string Current => s_tabs.Any(tab => tab.Name == Tab) ? Tab! : s_tabs[0].Name;

    // Which containers there are to choose from is told by who may see them.
    private bool MayConnect => _row is { Stale: false, IsConnectable: true, ShowsContainers: true } && May(PermissionNames.NetworksConnect);

    protected override void OnParametersSet()
    {
        if (_asked is { } asked && (asked.Name != Name || asked.Node != NodeId))
        {
            (_network, _row, _gone, _error) = (null, null, false, null);
        }

        OnFleetChanged();
        _unchanged = false;
    }

    // Counters change every two seconds, this network rarely: only then is the page drawn again.
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
        var now = (NodeId, Name, node.NetworksVersion, node.Since, NodeContainers.Fingerprint(node));
        if (node.Presence == NodePresence.Online && _asked != now && RendererInfo.IsInteractive)
        {
            _asked = now;
            _ = LoadAsync();
        }
        else if (node.Presence != NodePresence.Online && _network is null)
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

    private async Task LoadAsync()
    {
        var asked = _asked;
        try
        {
            var answer = await Networks.InspectAsync(User, NodeId, Name, Closed);
            if (asked == _asked)
            {
                (_network, _json, _error, _gone) = (answer.Network, answer.Json, null, false);
                MakeRow();
            }
        }
        catch (NodeCallException failure) when (failure.StatusCode is StatusCode.NotFound)
        {
            (_network, _row, _gone) = (null, null, true);
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
        if (_network is null || _node is null)
        {
            return;
        }

        _row = new NetworkRow(_node, _network, May(PermissionNames.ContainersView));
    }

    private async Task ConnectAsync()
    {
        var there = _row!.Endpoints.Select(end => end.ContainerId).ToHashSet(StringComparer.Ordinal);
        var connected = await Dialogs.OpenAsync<ConnectContainerDialog>($"Connect a container to '{_row.Name}'", new()
        {
            [nameof(ConnectContainerDialog.Row)] = _row,
            [nameof(ConnectContainerDialog.Containers)] = _node!.Containers.Values
                .Where(container => !there.Contains(container.Id))
                .OrderByDescending(container => container.State == "running")
                .ThenBy(container => container.Name, StringComparer.OrdinalIgnoreCase)
                .ToList(),
        });
        if (connected is true)
        {
            await LoadAsync();
        }
    }

    private async Task DisconnectAsync(Endpoint end)
    {
        var confirmed = await Dialogs.ConfirmAsync(new Confirmation(
            $"Disconnect '{end.ContainerName}' from '{Name}'?",
            "Disconnect",
            end.Running ? "At once, while it runs." : "It starts without this network from now on.",
            end.Running ? ["connections over this network", "its address and its names on it"] : []));
        if (!confirmed)
        {
            return;
        }

        try
        {
            await Networks.DisconnectAsync(User, NodeId, Name, end.ContainerId, end.ContainerName);
            Dialogs.Done($"Disconnected {end.ContainerName}.");
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            Dialogs.Failed($"'{end.ContainerName}' was not disconnected.", failure.Message);
        }

        await LoadAsync();
    }

    private async Task RemoveAsync()
    {
        var removed = await Dialogs.OpenAsync<RemoveNetworksDialog>($"Remove '{Name}' from {_row!.NodeName}?", new()
        {
            [nameof(RemoveNetworksDialog.Rows)] = new List<NetworkRow> { _row },
        });
        if (removed is true)
        {
            Navigation.NavigateTo("networks");
        }
    }
}
