using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Identity.Invitations;

namespace Portal.Web.Features.Rest.Invitations;

/// <summary>Invitations.</summary>
internal static class InvitationEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/invitations", ListAsync).Needs(PermissionNames.UsersInvite)
            .Says<Page<InvitationEntry>>("listInvitations", "The invitations that nobody has taken up yet.");
        api.MapPost("/invitations", InviteAsync).Needs(PermissionNames.UsersInvite)
            .Says<InvitationMade>("createInvitation", "Asks somebody in by a link, which is told this once.", 201);
        api.MapDelete("/invitations/{invitationId:guid}", RevokeAsync).Needs(PermissionNames.UsersInvite)
            .Does("revokeInvitation", "Takes an invitation back.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, InvitationBook book, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await book.ListAsync(user, cancellationToken), row => row.Id.ToString(), row => row));

    private static async Task<IResult> InviteAsync(RestBody<InvitationInput> body, ClaimsPrincipal user, InvitationBook book)
    {
        if (body.Value is { EnvironmentId: not null, NodeId: not null })
        {
            throw new RestProblemException(ProblemKind.InvalidArgument, "Name an environment or a node, not both.");
        }

        var (secret, problem) = await book.InviteAsync(user, body.Value.ToTerms(), CancellationToken.None);
        return problem is null
            ? Results.Json(new InvitationMade($"/invitation/{secret}"), RestJson.Options, statusCode: StatusCodes.Status201Created)
            : throw RestResults.Refused(problem);
    }

    private static async Task<IResult> RevokeAsync(Guid invitationId, ClaimsPrincipal user, InvitationBook book)
    {
        await book.RevokeAsync(user, invitationId, CancellationToken.None);
        return RestResults.NoContent();
    }
}
