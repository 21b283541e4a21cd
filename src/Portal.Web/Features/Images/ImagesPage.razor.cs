using Microsoft.AspNetCore.Components;
using Portal.Contracts.Permissions;
using Portal.Web.Features.FleetLists;
using Portal.Web.Features.Images.Dialogs;
using Portal.Web.Features.Images.Listing;
using Portal.Web.Features.Pruning;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Images;

/// <summary>
/// The images of all nodes that the user may see, live, and the ways to get more. What is searched for stands in the address.
/// </summary>
public sealed partial class ImagesPage
{
    private static readonly ListColumn<ImageSort>[] s_columns =
    [
        new(ImageSort.Name, "Name", Fixed: true),
        new(ImageSort.Node, "Node", "p-wide"),
        new(ImageSort.Size, "Size"),
        new(ImageSort.Built, "Built", "p-wide"),
        new(ImageSort.Used, "Used by", "p-wide"),
    ];

    private Guid? _uploadNode;
    private bool _uploading;

    [Inject]
    public required FleetImages Images { get; init; }

    [Inject]
    public required ImageCommands Commands { get; init; }

    protected override string ViewPermission => PermissionNames.ImagesView;

    protected override IFleetRows<ImageRow> Source => Images;

    protected override string ListName => "images";

    protected override IReadOnlyList<ListColumn<ImageSort>> AllColumns => s_columns;

    protected override ImageSort NodeColumn => ImageSort.Node;

    private bool NodeIsEmpty => ChosenNode is { } node && Images.Rows.All(row => row.NodeId != node.Id);

    private IReadOnlyList<NodeState> BusyboxNodes =>
    [
        .. NodesThatTake(PermissionNames.ImagesLoad)
            .Where(node => node.Facts?.HasBusybox == true)
            .Where(node => ChosenNode is null || node.Id == ChosenNode.Id),
    ];

    private string EmptyText => NodesThatTake(PermissionNames.ImagesPull).Count == 0
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
            var text = Total + (unused > 0 ? $", {unused} unused" : "");
            return text + (dangling > 0 ? $", {dangling} dangling" : "");
        }
    }

    protected override ImageQuery ReadQuery(Func<string, string?> part) =>
        ImageQuery.Read(part("q"), part("node"), part("use"), part("sort"));

    private Guid UploadNode(IReadOnlyList<NodeState> targets) =>
        (targets.FirstOrDefault(node => node.Id == _uploadNode)
            ?? targets.FirstOrDefault(node => node.Id == ChosenNode?.Id)
            ?? targets[0]).Id;

    private Task PullAsync() => Dialogs.OpenAsync<PullDialog>("Pull an image", new()
    {
        [nameof(PullDialog.Nodes)] = NodesThatTake(PermissionNames.ImagesPull),
        [nameof(PullDialog.NodeId)] = ChosenNode?.Id,
        [nameof(PullDialog.Access)] = Access,
    });

    private Task PruneAsync() => Dialogs.OpenAsync<PruneDialog>("Free space", new()
    {
        [nameof(PruneDialog.Kind)] = new ImagePrune(Commands),
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
