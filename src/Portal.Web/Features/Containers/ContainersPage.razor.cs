using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Containers.Listing;
using Portal.Web.Features.FleetLists;

namespace Portal.Web.Features.Containers;

/// <summary>All containers on all nodes that the user may see, live. What is searched for stands in the address.</summary>
public sealed partial class ContainersPage
{
    private static readonly string[] s_states = ["running", "paused", "restarting", "exited", "created"];

    private static readonly ListColumn<ContainerSort>[] s_columns =
    [
        new(ContainerSort.Name, N("Name"), Fixed: true),
        new(ContainerSort.State, N("State")),
        new(ContainerSort.Image, N("Image"), "p-wide"),
        new(ContainerSort.Ports, N("Ports"), "p-wide"),
        new(ContainerSort.Node, N("Node"), "p-wide"),
        new(ContainerSort.Created, N("Created"), "p-wide"),
    ];

    [Inject]
    public required FleetContainers Containers { get; init; }

    protected override string ViewPermission => PermissionNames.ContainersView;

    protected override IFleetRows<ContainerRow> Source => Containers;

    protected override string ListName => "containers";

    protected override IReadOnlyList<ListColumn<ContainerSort>> AllColumns =>
        [.. s_columns.Select(column => column with { Title = T(column.Title) })];

    protected override ContainerSort NodeColumn => ContainerSort.Node;

    private bool MayCreate => Access.AllowsSomewhere(PermissionNames.ContainersCreate);

    private string Summary => T("{0} running, {1} in all", Containers.Running, Containers.Rows.Count);

    protected override ContainerQuery ReadQuery(Func<string, string?> part) =>
        ContainerQuery.Read(part("q"), part("node"), part("state"), part("sort"), part("image"));
}
