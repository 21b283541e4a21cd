using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Overlays;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.Overlays;

/// <summary>Networks that span nodes.</summary>
internal static class OverlayEndpoints
{
    private const string Overlay = "/overlay-networks/{overlayId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/overlay-networks", ListAsync).Needs(PermissionNames.NetworksView)
            .Says<Page<OverlayLine>>("listOverlayNetworks", "The networks that span nodes, with their nodes.");
        api.MapPost("/overlay-networks", CreateAsync).Needs(PermissionNames.NetworksCreate)
            .Says<OverlayLine>("createOverlayNetwork", "Makes a network on all nodes of an environment, or on all nodes.", 201);
        api.MapGet(Overlay, FindAsync).Needs(PermissionNames.NetworksView)
            .Says<OverlayLine>("getOverlayNetwork", "A network that spans nodes, with its nodes.");
        api.MapDelete(Overlay, RemoveAsync).Needs(PermissionNames.NetworksRemove)
            .Does("removeOverlayNetwork", "Removes a network from its nodes: at once from those that answer, from others when they do.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, OverlayDirectory directory, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await directory.ListAsync(user, cancellationToken), line => line.Name, line => line));

    private static async Task<IResult> CreateAsync(RestBody<OverlayDraft> body, HttpContext context, OverlayDirectory directory)
    {
        var id = await TryAsync(() => directory.CreateAsync(context.User, body.Value, CancellationToken.None));
        return RestResults.Created(context, $"/overlay-networks/{id}", await ReadAsync(context.User, directory, id));
    }

    private static async Task<IResult> FindAsync(Guid overlayId, ClaimsPrincipal user, OverlayDirectory directory) =>
        RestResults.Ok(await ReadAsync(user, directory, overlayId));

    private static async Task<IResult> RemoveAsync(Guid overlayId, ClaimsPrincipal user, OverlayDirectory directory) =>
        await TryAsync(() => directory.RemoveAsync(user, overlayId, CancellationToken.None))
            ? RestResults.NoContent()
            : throw RestProblemException.NotFound("overlay network");

    private static async Task<OverlayLine> ReadAsync(ClaimsPrincipal user, OverlayDirectory directory, Guid id)
    {
        var all = await directory.ListAsync(user, CancellationToken.None);
        return all.FirstOrDefault(line => line.Id == id) ?? throw RestProblemException.NotFound("overlay network");
    }

    private static async Task<T> TryAsync<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (OverlayException problem)
        {
            throw RestResults.Refused(problem.Message);
        }
    }
}
