using System.Security.Claims;
using Portal.Contracts.Files.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Containers.Files;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Updates;

namespace Portal.Web.Features.Rest.Containers;

/// <summary>What became of a container's file system, an image made of it, and whether its own is still the newest.</summary>
internal static class ContainerTreeEndpoints
{
    private const int MostChanges = 10_000;
    private const string Container = "/nodes/{nodeId:guid}/containers/{container}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Container + "/changes", ChangesAsync).Needs(PermissionNames.ContainersFiles)
            .Says<ContainerChanges>("listContainerChanges", "What differs between a container's files and its image.");
        api.MapPost(Container + "/commit", CommitAsync).Needs(PermissionNames.ContainersCommit)
            .Says<CommittedImage>("commitContainer", "Makes an image of a container as it is.");
        api.MapPost("/nodes/{nodeId:guid}/images/check", CheckAsync).Needs(PermissionNames.ImagesPull)
            .Says<ImageChecked>("checkImage", "Has an image's registry asked soon whether it has a newer one.");
    }

    private static async Task<IResult> ChangesAsync(
        Guid nodeId, string container, ClaimsPrincipal user, ContainerFiles files, FleetView fleet, CancellationToken cancellationToken)
    {
        var all = new List<Change>();
        var isWhole = await files.ListChangesAsync(
            user,
            fleet.KeyOf(nodeId, container),
            changes =>
            {
                all.AddRange(changes.Take(MostChanges - all.Count));
                return all.Count < MostChanges;
            },
            cancellationToken);
        return RestResults.Ok(new ContainerChanges(all, isWhole && all.Count < MostChanges));
    }

    private static async Task<IResult> CommitAsync(
        Guid nodeId, string container, RestBody<CommitContainerRequest> body, ClaimsPrincipal user, ContainerFiles files,
        FleetView fleet) =>
        RestResults.Ok(new CommittedImage(await files.CommitAsync(user, fleet.KeyOf(nodeId, container), body.Value)));

    private static async Task<IResult> CheckAsync(
        Guid nodeId, RestBody<Images.ImageName> body, ClaimsPrincipal user, UpdateChecks checks) =>
        RestResults.Ok(new ImageChecked(await checks.HurryAsync(user, nodeId, body.Value.Image, CancellationToken.None)));
}
