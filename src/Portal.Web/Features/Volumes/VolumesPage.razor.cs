using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Components.Shared;
using Portal.Web.Features.FleetLists.Bulk;
using Portal.Web.Features.FleetLists;
using Portal.Web.Features.Pruning;
using Portal.Web.Features.Volumes.Dialogs;
using Portal.Web.Features.Volumes.Listing;

namespace Portal.Web.Features.Volumes;

/// <summary>The volumes of all nodes that the user may see, live. What is searched for stands in the address.</summary>
public sealed partial class VolumesPage
{
    private static readonly ListColumn<VolumeSort>[] s_columns =
    [
        new(VolumeSort.Name, N("Name"), Fixed: true),
        new(VolumeSort.Node, N("Node"), "p-wide"),
        new(VolumeSort.Size, N("Size")),
        new(VolumeSort.Created, N("Created"), "p-wide"),
        new(VolumeSort.Used, N("Used by")),
    ];

    [Inject]
    public required FleetVolumes Volumes { get; init; }

    [Inject]
    public required VolumeCommands Commands { get; init; }

    protected override string ViewPermission => PermissionNames.VolumesView;

    protected override IFleetRows<VolumeRow> Source => Volumes;

    protected override string ListName => "volumes";

    protected override IReadOnlyList<ListColumn<VolumeSort>> AllColumns =>
        [.. s_columns.Select(column => column with { Title = T(column.Title) })];

    protected override VolumeSort NodeColumn => VolumeSort.Node;

    private string Summary
    {
        get
        {
            if (Volumes.Rows.Count == 0)
            {
                return "";
            }

            var unused = Volumes.Rows.Count(row => !row.IsUsed);
            var size = Volumes.Rows.Sum(row => row.Size ?? 0);
            var total = size > 0 ? T("{0}, {1}", Total, Units.Bytes(size)) : Total;
            return unused > 0 ? T("{0}, {1} unused", total, unused) : total;
        }
    }

    protected override VolumeQuery ReadQuery(Func<string, string?> part) =>
        VolumeQuery.Read(part("q"), part("node"), part("use"), part("sort"));

    private async Task CreateAsync()
    {
        var made = await Dialogs.OpenAsync<CreateVolumeDialog>(T("Create a volume"), new()
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

    private Task PruneAsync() => Dialogs.OpenAsync<PruneDialog>(T("Remove unused volumes"), new()
    {
        [nameof(PruneDialog.Kind)] = new VolumePrune(Commands),
        [nameof(PruneDialog.Nodes)] = NodesThatAllow(PermissionNames.VolumesRemove),
        [nameof(PruneDialog.NodeId)] = ChosenNode?.Id,
    });

    private Task RemoveAsync(IReadOnlyList<VolumeRow> rows) => Dialogs.OpenAsync<BulkDialog>(T("Remove the selected volumes"), new()
    {
        [nameof(BulkDialog.Question)] =
            T("All files in them are lost; a backup keeps them. Those that containers use stay, and what is on a device or server stays there."),
        [nameof(BulkDialog.Verb)] = T("Remove"),
        [nameof(BulkDialog.Danger)] = true,
        [nameof(BulkDialog.Items)] = rows
            .Select(row => new BulkItem(
                row.Title,
                row.Size is { } size ? T("{0}, {1}", row.NodeName, Units.Bytes(size)) : row.NodeName,
                user => Commands.RemoveAsync(user, row.NodeId, row.Name)))
            .ToList(),
    });

    private Task RestoreAsync() => Dialogs.OpenAsync<RestoreDialog>(T("Restore a backup as a new volume"), new()
    {
        [nameof(RestoreDialog.Nodes)] = NodesThatAllow(PermissionNames.VolumesRestore)
            .Where(node => Access.Allows(PermissionNames.VolumesCreate, AccessScope.Node(node.Id))).ToList(),
    });
}
