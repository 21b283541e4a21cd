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
    private static readonly (string Name, string Title)[] s_tabs = [("details", N("Details")), ("inspect", N("Inspect"))];

    [Parameter]
    public string Name { get; set; } = "";

    [Inject]
    public required NetworkCommands Networks { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    protected override string ViewPermission => PermissionNames.NetworksView;

    protected override string Subject => Name;

    protected override IEnumerable<(string Name, string Title)> Tabs => s_tabs.Select(tab => (tab.Name, T(tab.Title)));

    // Which containers there are to choose from is told by who may see them.
    private bool MayConnect => Row is { Stale: false, IsConnectable: true, ShowsContainers: true } && May(PermissionNames.NetworksConnect);

    protected override object VersionOf(NodeState node) => (node.NetworksVersion, NodeContainers.Fingerprint(node));

    protected override Task<InspectNetworkResponse> InspectAsync(CancellationToken cancellationToken) =>
        Networks.InspectAsync(User, NodeId, Name, cancellationToken);

    protected override NetworkRow MakeRow(NodeState node, InspectNetworkResponse answer) =>
        new(node, answer.Network, May(PermissionNames.ContainersView));

    private async Task ConnectAsync()
    {
        var there = Row!.Endpoints.Select(end => end.ContainerId).ToHashSet(StringComparer.Ordinal);
        var connected = await Dialogs.OpenAsync<ConnectContainerDialog>(T("Connect a container to '{0}'", Row.Name), new()
        {
            [nameof(ConnectContainerDialog.Row)] = Row,
            [nameof(ConnectContainerDialog.Containers)] = Node!.Containers.Values
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
            T("Disconnect '{0}' from '{1}'?", end.ContainerName, Name),
            T("Disconnect"),
            end.Running ? T("At once, while it runs.") : T("It starts without this network from now on."),
            end.Running ? [T("connections over this network"), T("its address and its names on it")] : []));
        if (!confirmed)
        {
            return;
        }

        try
        {
            await Networks.DisconnectAsync(User, NodeId, Name, end.ContainerId, end.ContainerName);
            Dialogs.Done(T("Disconnected {0}.", end.ContainerName));
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            Dialogs.Failed(T("'{0}' was not disconnected.", end.ContainerName), failure.Message);
        }

        await LoadAsync();
    }

    private async Task RemoveAsync()
    {
        var removed = await Dialogs.OpenAsync<RemoveNetworksDialog>(T("Remove '{0}' from {1}?", Name, Row!.NodeName), new()
        {
            [nameof(RemoveNetworksDialog.Rows)] = new List<NetworkRow> { Row },
        });
        if (removed is true)
        {
            Navigation.NavigateTo("networks");
        }
    }
}
