using System.Security.Claims;
using Portal.Contracts.Hubs;
using Portal.Contracts.Images.V1;
using Portal.Web.Features.FleetLists;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Images.Listing;

/// <summary>
/// The images of all nodes that a person may see. A node is asked when its images have changed; its containers come from the fleet's
/// picture, so what uses an image is live without a call.
/// </summary>
public sealed class FleetImages(ImageCommands images) : FleetList<Image, ImageRow>
{
    protected override Task<IReadOnlyList<Image>> ListAsync(ClaimsPrincipal user, Guid nodeId, CancellationToken cancellationToken) =>
        images.ListAsync(user, nodeId, cancellationToken);

    protected override (long Version, int Containers) StateOf(NodeState node) => (node.ImagesVersion, 0);

    protected override bool MakesOtherRows(NodeState before, NodeState now) => !ReferenceEquals(before.Containers, now.Containers);

    protected override IEnumerable<ImageRow> MakeRows(NodeState node, IReadOnlyList<Image> items, bool showsContainers)
    {
        var users = showsContainers
            ? node.Containers.Values.ToLookup(container => container.ImageId)
            : Enumerable.Empty<ContainerView>().ToLookup(container => container.ImageId);
        return items.Select(image => new ImageRow(node, image, Sort(users[image.Id])));
    }

    private static IReadOnlyList<ContainerView> Sort(IEnumerable<ContainerView> users) =>
        [.. users.OrderByDescending(user => user.State == "running").ThenBy(user => user.Name, StringComparer.OrdinalIgnoreCase)];
}
