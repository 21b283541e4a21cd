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
    private static readonly (string Name, string Title)[] s_tabs = [("layers", N("Layers")), ("settings", N("Settings")), ("inspect", N("Inspect"))];
    /// <summary>The id's digits, without its algorithm.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    [Inject]
    public required ImageTransfers Transfers { get; init; }

    [Inject]
    public required ImageCommands Images { get; init; }

    [Inject]
    public required PortalDialogs Dialogs { get; init; }

    protected override string ViewPermission => PermissionNames.ImagesView;

    protected override string Subject => Id;

    protected override IEnumerable<(string Name, string Title)> Tabs => s_tabs.Select(tab => (tab.Name, T(tab.Title)));

    protected override object VersionOf(NodeState node) => node.ImagesVersion;

    // Who uses it is known from the containers.
    protected override bool LooksSame(NodeState? next, NodeState? last) =>
        base.LooksSame(next, last) && ReferenceEquals(next?.Containers, last?.Containers);

    protected override bool MeansGone(StatusCode code) => code is StatusCode.NotFound or StatusCode.InvalidArgument;

    protected override Task<InspectImageResponse> InspectAsync(CancellationToken cancellationToken) =>
        Images.InspectAsync(User, NodeId, "sha256:" + Id, cancellationToken);

    protected override ImageRow MakeRow(NodeState node, InspectImageResponse answer)
    {
        var users = May(PermissionNames.ContainersView)
            ? node.Containers.Values.Where(container => container.ImageId == answer.Image.Id)
            : [];
        return new ImageRow(
            node,
            answer.Image,
            [.. users.OrderByDescending(user => user.State == "running").ThenBy(user => user.Name, StringComparer.OrdinalIgnoreCase)]);
    }

    private async Task UntagAsync(string name)
    {
        Error = null;
        try
        {
            var outcome = await Images.RemoveAsync(User, NodeId, name, force: false, CancellationToken.None);
            Error = outcome.Conflict is null ? null : T("The name '{0}' is the image's last one, and the image is in use.", name);
        }
        catch (Exception failure) when (failure is NodeCallException or AccessDeniedException)
        {
            Error = failure.Message;
        }
    }

    private void PullAgain() => Transfers.Pull(User, NodeId, Row!.Name);

    private async Task RemoveAsync()
    {
        await Dialogs.OpenAsync<RemoveImagesDialog>(T("Remove '{0}' from {1}?", ImageText.NameOf(Row!.Image), Row.NodeName), new()
        {
            [nameof(RemoveImagesDialog.Rows)] = (IReadOnlyList<ImageRow>)[Row],
            [nameof(RemoveImagesDialog.Access)] = Access,
        });
        if (IsGone)
        {
            Navigation.NavigateTo("images");
        }
    }
}
