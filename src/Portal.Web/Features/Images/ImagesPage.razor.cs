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
        new(ImageSort.Name, N("Name"), Fixed: true),
        new(ImageSort.Node, N("Node"), "p-wide"),
        new(ImageSort.Size, N("Size")),
        new(ImageSort.Built, N("Built"), "p-wide"),
        new(ImageSort.Used, N("Used by"), "p-wide"),
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

    protected override IReadOnlyList<ListColumn<ImageSort>> AllColumns =>
        [.. s_columns.Select(column => column with { Title = T(column.Title) })];

    protected override ImageSort NodeColumn => ImageSort.Node;

    private bool NodeIsEmpty => ChosenNode is { } node && Images.Rows.All(row => row.NodeId != node.Id);

    private IReadOnlyList<NodeState> BusyboxNodes =>
    [
        .. NodesThatTake(PermissionNames.ImagesLoad)
            .Where(node => node.Facts?.HasBusybox == true)
            .Where(node => ChosenNode is null || node.Id == ChosenNode.Id),
    ];

    private string EmptyText => NodesThatTake(PermissionNames.ImagesPull).Count == 0
        ? T("Images that are pulled or uploaded appear here.")
        : BusyboxNodes.Count > 0
            ? T("Pull one, upload an archive, or begin with the busybox that is on the host: no registry needed.")
            : T("Pull one from a registry, or upload an archive.");

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
            return (unused, dangling) switch
            {
                (0, 0) => Total,
                (_, 0) => T("{0}, {1} unused", Total, unused),
                (0, _) => T("{0}, {1} dangling", Total, dangling),
                _ => T("{0}, {1} unused, {2} dangling", Total, unused, dangling),
            };
        }
    }

    protected override ImageQuery ReadQuery(Func<string, string?> part) =>
        ImageQuery.Read(part("q"), part("node"), part("use"), part("sort"));

    private Guid UploadNode(IReadOnlyList<NodeState> targets) =>
        (targets.FirstOrDefault(node => node.Id == _uploadNode)
            ?? targets.FirstOrDefault(node => node.Id == ChosenNode?.Id)
            ?? targets[0]).Id;

    private Task PullAsync() => Dialogs.OpenAsync<PullDialog>(T("Pull an image"), new()
    {
        [nameof(PullDialog.Nodes)] = NodesThatTake(PermissionNames.ImagesPull),
        [nameof(PullDialog.NodeId)] = ChosenNode?.Id,
        [nameof(PullDialog.Access)] = Access,
    });

    private Task PruneAsync() => Dialogs.OpenAsync<PruneDialog>(T("Free space"), new()
    {
        [nameof(PruneDialog.Kind)] = new ImagePrune(Commands),
        [nameof(PruneDialog.Nodes)] = NodesThatAllow(PermissionNames.ImagesRemove),
        [nameof(PruneDialog.NodeId)] = ChosenNode?.Id,
    });

    private Task RemoveAsync(IReadOnlyList<ImageRow> rows) => Dialogs.OpenAsync<RemoveImagesDialog>(
        rows.Count == 1 ? T("Remove '{0}' from {1}?", ImageText.NameOf(rows[0].Image), rows[0].NodeName) : T("Remove {0} images?", rows.Count),
        new()
        {
            [nameof(RemoveImagesDialog.Rows)] = rows,
            [nameof(RemoveImagesDialog.Access)] = Access,
        });
}
