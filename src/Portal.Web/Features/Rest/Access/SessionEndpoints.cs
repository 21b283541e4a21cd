using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Identity.Sessions;

namespace Portal.Web.Features.Rest.Access;

/// <summary>The sessions of people. One's own are for one's own pages: a token is none of them.</summary>
internal static class SessionEndpoints
{
    private const string Sessions = "/people/{personId:guid}/sessions";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet(Sessions, ListAsync).Needs(PermissionNames.SessionsManage)
            .Says<Page<SessionItem>>("listSessions", "Where a person is signed in.");
        api.MapDelete(Sessions + "/{sessionId:guid}", EndAsync).Needs(PermissionNames.SessionsManage)
            .Does("endSession", "Ends a session at once; one that has ended is no error.");
        api.MapDelete(Sessions, EndAllAsync).Needs(PermissionNames.SessionsManage)
            .Says<SessionsEnded>("endSessions", "Ends all of a person's sessions but the one that asks.");
    }

    private static async Task<IResult> ListAsync(
        Guid personId, [AsParameters] PageQuery page, ClaimsPrincipal user, PersonSessions sessions, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(
            await sessions.ListAsync(user, personId, cancellationToken), session => session.Id.ToString(), SessionItem.Of));

    private static async Task<IResult> EndAsync(Guid personId, Guid sessionId, ClaimsPrincipal user, PersonSessions sessions)
    {
        await sessions.EndAsync(user, personId, sessionId, CancellationToken.None);
        return RestResults.NoContent();
    }

    private static async Task<IResult> EndAllAsync(Guid personId, ClaimsPrincipal user, PersonSessions sessions) =>
        RestResults.Ok(new SessionsEnded(await sessions.EndOthersAsync(user, personId, CancellationToken.None)));
}
