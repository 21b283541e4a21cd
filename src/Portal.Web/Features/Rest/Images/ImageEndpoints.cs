using System.ComponentModel;
using System.Security.Claims;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Images;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.Images;

/// <summary>Images of a node. A name has slashes, so it goes as a parameter or in the body.</summary>
internal static class ImageEndpoints
{
    private const string Images = "/nodes/{nodeId:guid}/images";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Images, ListAsync).Needs(PermissionNames.ImagesView).Says<Page<Image>>("listImages", "The images of a node.");
        api.MapGet(Images + "/inspect", InspectAsync).Needs(PermissionNames.ImagesView)
            .Says<InspectImageResponse>("inspectImage", "An image with its settings and history.");
        api.MapPost(Images + "/pull", PullAsync).Needs(PermissionNames.ImagesPull)
            .Says<Image>("pullImage", "Gets an image from its registry; answers when it is there.");
        api.MapPost(Images + "/push", PushAsync).Needs(PermissionNames.ImagesPush)
            .Says<PushedImages>("pushImage", "Sends an image to its registry; answers when it is there.");
        api.MapPost(Images + "/tag", TagAsync).Needs(PermissionNames.ImagesTag).Does("tagImage", "Gives an image one more name.");
        api.MapDelete(Images, RemoveAsync).Needs(PermissionNames.ImagesRemove)
            .Says<RemoveImageResponse>("removeImage", "Removes a name, and the image with its last one.");
        api.MapPost(Images + "/prune", PruneAsync).Needs(PermissionNames.ImagesRemove)
            .Says<PruneImagesResponse>("pruneImages", "Removes images that no container uses.");
        api.MapPost(Images + "/busybox", BusyboxAsync).Needs(PermissionNames.ImagesLoad)
            .Says<CreateBusyboxImageResponse>("createBusyboxImage", "Makes an image of the busybox that the node's host has.");
        api.MapPost(Images + "/prune/preview", PreviewAsync).Needs(PermissionNames.ImagesView)
            .Says<PreviewPruneResponse>("previewPruneImages", "What a prune would remove now.");
    }

    private static async Task<IResult> ListAsync(
        Guid nodeId, [AsParameters] PageQuery page, ClaimsPrincipal user, ImageCommands images, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await images.ListAsync(user, nodeId, cancellationToken), image => image.Id, image => image));

    private static async Task<IResult> InspectAsync(
        Guid nodeId, [Description("A name of it, or its id.")] string image, ClaimsPrincipal user, ImageCommands images,
        CancellationToken cancellationToken) =>
        RestResults.Ok(await images.InspectAsync(user, nodeId, image, cancellationToken));

    private static async Task<IResult> PullAsync(Guid nodeId, RestBody<PullImage> body, ClaimsPrincipal user, ImageCommands images) =>
        RestResults.Ok(await images.PullAsync(user, nodeId, body.Value.Image, body.Value.Platform, _ => { }, CancellationToken.None));

    private static async Task<IResult> PushAsync(Guid nodeId, RestBody<ImageName> body, ClaimsPrincipal user, ImageCommands images) =>
        RestResults.Ok(await images.PushAsync(user, nodeId, body.Value.Image, _ => { }, CancellationToken.None));

    private static async Task<IResult> TagAsync(Guid nodeId, RestBody<TagImage> body, ClaimsPrincipal user, ImageCommands images)
    {
        await images.TagAsync(user, nodeId, body.Value.Image, body.Value.NewName, CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<IResult> RemoveAsync(
        Guid nodeId, [Description("A name of it, or its id.")] string image, bool? force, ClaimsPrincipal user, ImageCommands images)
    {
        var outcome = await images.RemoveAsync(user, nodeId, image, force ?? false, CancellationToken.None);
        if (outcome.Removed is { } removed)
        {
            return RestResults.Ok(removed);
        }

        var conflict = outcome.Conflict!;
        var names = conflict.Names.Count > 1 ? $" It has the names {string.Join(", ", conflict.Names)}." : "";
        var users = conflict.UserCount > 0 ? $" {conflict.UserCount} containers use it." : "";
        var byForce = conflict.MayForce ? " The same with force=true would remove it." : "";
        throw new RestProblemException(ProblemKind.Conflict, $"The image can't be removed as it stands.{names}{users}{byForce}");
    }

    private static async Task<IResult> PruneAsync(Guid nodeId, RestBody<PruneFilter> body, ClaimsPrincipal user, ImageCommands images) =>
        RestResults.Ok(await images.PruneAsync(user, nodeId, body.Value, CancellationToken.None));

    private static async Task<IResult> PreviewAsync(
        Guid nodeId, RestBody<PruneFilter> body, ClaimsPrincipal user, ImageCommands images, CancellationToken cancellationToken) =>
        RestResults.Ok(await images.PreviewPruneAsync(user, nodeId, body.Value, cancellationToken));

    private static async Task<IResult> BusyboxAsync(Guid nodeId, ClaimsPrincipal user, ImageCommands images) =>
        RestResults.Ok(await images.CreateBusyboxAsync(user, nodeId, CancellationToken.None));
}
