using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.FleetLists;
using Portal.Web.Features.Networks.Dialogs;
using Portal.Web.Features.Networks.Listing;
using Portal.Web.Features.Pruning;

namespace Portal.Web.Features.Networks;

/// <summary>The networks of all nodes that the user may see, live. What is searched for stands in the address.</summary>
public sealed partial class NetworksPage
{
    private static readonly ListColumn<NetworkSort>[] s_columns =
    [
        new(NetworkSort.Name, N("Name"), Fixed: true),
        new(NetworkSort.Node, N("Node"), "p-wide"),
        new(NetworkSort.Driver, N("Driver")),
        new(NetworkSort.Subnets, N("Subnets"), "p-wide"),
        new(NetworkSort.Containers, N("Containers")),
        new(NetworkSort.Created, N("Created"), "p-wide"),
    ];

    private const string PictureView = "picture";

    /// <summary>What is drawn: the list, or a picture of each node.</summary>
    [SupplyParameterFromQuery(Name = "view")]
    public string? View { get; set; }

    [Inject]
    public required FleetNetworks Networks { get; init; }

    [Inject]
    public required NetworkCommands Commands { get; init; }

    protected override string ViewPermission => PermissionNames.NetworksView;

    protected override IFleetRows<NetworkRow> Source => Networks;

    protected override string ListName => "networks";

    protected override IReadOnlyList<ListColumn<NetworkSort>> AllColumns =>
        [.. s_columns.Select(column => column with { Title = T(column.Title) })];

    protected override NetworkSort NodeColumn => NetworkSort.Node;

    private string Summary
    {
        get
        {
            if (Networks.Rows.Count == 0)
            {
                return "";
            }

            var unused = Networks.Rows.Count(row => !row.IsUsed && !row.Network.Predefined);
            return unused > 0 ? T("{0}, {1} unused", Total, unused) : Total;
        }
    }

    protected override NetworkQuery ReadQuery(Func<string, string?> part) =>
        NetworkQuery.Read(part("q"), part("node"), part("driver"), part("use"), part("sort"));

    private bool ShowsPicture => View == PictureView;

    protected override bool CanSelect(NetworkRow row) => !row.Stale && !row.Network.Predefined;

    private string AddressOf(string? view) => Navigation.GetUriWithQueryParameter("view", view);

    private bool MayRemove(NetworkRow row) => Access.Allows(PermissionNames.NetworksRemove, AccessScope.Node(row.NodeId));

    private async Task CreateAsync()
    {
        var made = await Dialogs.OpenAsync<CreateNetworkDialog>(T("Create a network"), new()
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
        var title = rows.Count == 1 ? T("Remove '{0}' from {1}?", rows[0].Name, rows[0].NodeName) : T("Remove {0} networks?", rows.Count);
        await Dialogs.OpenAsync<RemoveNetworksDialog>(title, new() { [nameof(RemoveNetworksDialog.Rows)] = rows.ToList() });
    }

    private Task PruneAsync() => Dialogs.OpenAsync<PruneDialog>(T("Remove unused networks"), new()
    {
        [nameof(PruneDialog.Kind)] = new NetworkPrune(Commands),
        [nameof(PruneDialog.Nodes)] = NodesThatAllow(PermissionNames.NetworksRemove),
        [nameof(PruneDialog.NodeId)] = ChosenNode?.Id,
    });
}
