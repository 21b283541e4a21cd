using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Nodes.Waiting;

namespace Portal.Web.Features.Rest.Nodes;

/// <summary>Hosts that ask to become nodes.</summary>
internal static class WaitingEndpoints
{
    private const string Host = "/waiting-hosts/{hostId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/waiting-hosts", ListAsync).Needs(PermissionNames.NodesManage)
            .Says<Page<WaitingHost>>("listWaitingHosts", "Hosts that ask to become nodes, where you manage those.");
        api.MapPost(Host + "/accept", AcceptAsync).Needs(PermissionNames.NodesManage)
            .Does("acceptWaitingHost", "Makes a node of a host.");
        api.MapPost(Host + "/refuse", RefuseAsync).Needs(PermissionNames.NodesManage)
            .Does("refuseWaitingHost", "Sends a host away.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, WaitingNodes waiting, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await waiting.ListAsync(user, cancellationToken), host => host.Id.ToString(), host => host));

    private static async Task<IResult> AcceptAsync(Guid hostId, ClaimsPrincipal user, WaitingNodes waiting) =>
        RestResults.Done(await waiting.AcceptAsync(user, hostId, CancellationToken.None));

    private static async Task<IResult> RefuseAsync(Guid hostId, ClaimsPrincipal user, WaitingNodes waiting) =>
        RestResults.Done(await waiting.RefuseAsync(user, hostId, CancellationToken.None));
}
