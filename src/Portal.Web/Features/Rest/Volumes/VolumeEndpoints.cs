using System.ComponentModel;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Volumes;

namespace Portal.Web.Features.Rest.Volumes;

/// <summary>Volumes of a node. Their files, backups and restores are routes of their own.</summary>
internal static class VolumeEndpoints
{
    private const string Volumes = "/nodes/{nodeId:guid}/volumes";
    private const string Volume = Volumes + "/{volume}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Volumes, ListAsync).Needs(PermissionNames.VolumesView).Says<Page<Volume>>("listVolumes", "The volumes of a node.");
        api.MapPost(Volumes, CreateAsync).Needs(PermissionNames.VolumesCreate)
            .Says<Volume>("createVolume", "Makes a volume, or gives the one of that name with the same options.", 201);
        api.MapGet(Volume, InspectAsync).Needs(PermissionNames.VolumesView).Says<InspectVolumeResponse>("inspectVolume", "A volume.");
        api.MapDelete(Volume, RemoveAsync).Needs(PermissionNames.VolumesRemove).Does("removeVolume", "Removes a volume with all in it.");
        api.MapPost(Volumes + "/prune", PruneAsync).Needs(PermissionNames.VolumesRemove)
            .Says<PruneVolumesResponse>("pruneVolumes", "Removes volumes that no container uses.");
        api.MapPost(Volumes + "/prune/preview", PreviewAsync).Needs(PermissionNames.VolumesView)
            .Says<PreviewPruneResponse>("previewPruneVolumes", "What a prune would remove now.");
    }

    private static async Task<IResult> ListAsync(
        Guid nodeId, [AsParameters] PageQuery page, ClaimsPrincipal user, VolumeCommands volumes, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await volumes.ListAsync(user, nodeId, cancellationToken), volume => volume.Name, volume => volume));

    private static async Task<IResult> CreateAsync(
        Guid nodeId, RestBody<CreateVolumeRequest> body, HttpContext context, VolumeCommands volumes)
    {
        var made = await volumes.CreateAsync(context.User, nodeId, body.Value) ?? new Volume();
        return RestResults.Created(context, $"/nodes/{nodeId}/volumes/{Uri.EscapeDataString(made.Name)}", made);
    }

    private static async Task<IResult> InspectAsync(
        Guid nodeId, string volume, [Description("Count its files now, which takes as long as walking them.")] bool? measure,
        ClaimsPrincipal user, VolumeCommands volumes, CancellationToken cancellationToken) =>
        RestResults.Ok(await volumes.InspectAsync(user, nodeId, volume, measure ?? false, cancellationToken));

    private static async Task<IResult> RemoveAsync(Guid nodeId, string volume, ClaimsPrincipal user, VolumeCommands volumes)
    {
        await volumes.RemoveAsync(user, nodeId, volume);
        return RestResults.NoContent();
    }

    private static async Task<IResult> PruneAsync(
        Guid nodeId, RestBody<VolumePruneFilter> body, ClaimsPrincipal user, VolumeCommands volumes) =>
        RestResults.Ok(await volumes.PruneAsync(user, nodeId, body.Value));

    private static async Task<IResult> PreviewAsync(
        Guid nodeId, RestBody<VolumePruneFilter> body, ClaimsPrincipal user, VolumeCommands volumes, CancellationToken cancellationToken) =>
        RestResults.Ok(await volumes.PreviewPruneAsync(user, nodeId, body.Value, cancellationToken));
}
