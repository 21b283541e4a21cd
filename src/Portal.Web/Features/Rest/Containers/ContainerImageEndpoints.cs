using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Updates.Containers;

namespace Portal.Web.Features.Rest.Containers;

/// <summary>Single containers that are brought to the newest image under their tag.</summary>
internal static class ContainerImageEndpoints
{
    private const string Update = "/nodes/{nodeId:guid}/containers/{container}/image-update";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Update, FindAsync).Needs(PermissionNames.ContainersView).Says<ContainerUpdateView>(
            "getContainerImageUpdate", "How the newest update of a container to a newer image stands, or the one by which it came.");
        api.MapPost(Update, StartAsync).Needs(PermissionNames.ContainersCreate).Says<ContainerUpdateView>(
            "updateContainerImage", "Begins to put a container of the newest image in this one's place. It goes back by itself when that is not good.",
            202);
    }

    private static async Task<IResult> FindAsync(
        Guid nodeId, string container, ClaimsPrincipal user, ContainerUpdates updates, FleetView fleet,
        CancellationToken cancellationToken) =>
        RestResults.Ok(
            await updates.FindAsync(user, nodeId, fleet.KeyOf(nodeId, container).Id, cancellationToken)
            ?? throw RestProblemException.NotFound("update"));

    private static async Task<IResult> StartAsync(
        Guid nodeId, string container, ClaimsPrincipal user, ContainerUpdates updates, FleetView fleet)
    {
        var key = fleet.KeyOf(nodeId, container);
        await updates.StartAsync(user, nodeId, key.Id, CancellationToken.None);
        var begun = await updates.FindAsync(user, nodeId, key.Id, CancellationToken.None);
        return Results.Json(begun, RestJson.Options, statusCode: StatusCodes.Status202Accepted);
    }
}
