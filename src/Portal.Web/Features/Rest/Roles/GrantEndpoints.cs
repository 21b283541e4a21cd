using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Permissions.Grants;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.Roles;

/// <summary>Which roles people and teams have where.</summary>
internal static class GrantEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        const string Person = "/people/{personId:guid}/grants";
        api.MapGet(Person, (Guid personId, [AsParameters] PageQuery page, HttpContext context, GrantDirectory grants) =>
                ListAsync(GrantSubject.Person(personId), page, context, grants))
            .Needs(PermissionNames.UsersManage).Says<Page<GrantItem>>("listPersonGrants", "What a person has, also by their teams.");
        api.MapPost(Person, (Guid personId, RestBody<GrantInput> body, ClaimsPrincipal user, GrantDirectory grants) =>
                GrantAsync(GrantSubject.Person(personId), body.Value, user, grants))
            .Needs(PermissionNames.UsersManage).Says<GrantMade>("grantPerson", "Gives a person a role.", 201);
        api.MapDelete(Person + "/{grantId:guid}", (Guid personId, Guid grantId, ClaimsPrincipal user, GrantDirectory grants) =>
                RevokeAsync(GrantSubject.Person(personId), grantId, user, grants))
            .Needs(PermissionNames.UsersManage).Does("revokePersonGrant", "Takes a role away from a person.");

        const string Team = "/teams/{teamId:guid}/grants";
        api.MapGet(Team, (Guid teamId, [AsParameters] PageQuery page, HttpContext context, GrantDirectory grants) =>
                ListAsync(GrantSubject.Team(teamId), page, context, grants))
            .Needs(PermissionNames.TeamsManage).Says<Page<GrantItem>>("listTeamGrants", "What a team has.");
        api.MapPost(Team, (Guid teamId, RestBody<GrantInput> body, ClaimsPrincipal user, GrantDirectory grants) =>
                GrantAsync(GrantSubject.Team(teamId), body.Value, user, grants))
            .Needs(PermissionNames.TeamsManage).Says<GrantMade>("grantTeam", "Gives a team a role.", 201);
        api.MapDelete(Team + "/{grantId:guid}", (Guid teamId, Guid grantId, ClaimsPrincipal user, GrantDirectory grants) =>
                RevokeAsync(GrantSubject.Team(teamId), grantId, user, grants))
            .Needs(PermissionNames.TeamsManage).Does("revokeTeamGrant", "Takes a role away from a team.");
    }

    private static async Task<IResult> ListAsync(GrantSubject subject, PageQuery page, HttpContext context, GrantDirectory grants)
    {
        var all = await grants.ListAsync(context.User, subject, context.RequestAborted);
        return RestResults.Ok(page.Cut(all, grant => grant.Id.ToString(), GrantItem.Of));
    }

    private static async Task<IResult> GrantAsync(GrantSubject subject, GrantInput input, ClaimsPrincipal user, GrantDirectory grants)
    {
        if (new[] { input.EnvironmentId, input.NodeId, input.StackId }.Count(id => id is not null) > 1)
        {
            throw new RestProblemException(ProblemKind.InvalidArgument, "Name an environment, a node or a stack, one of them at most.");
        }

        var scope = AccessScope.From(input.EnvironmentId, input.NodeId, input.StackId);
        var change = await grants.GrantAsync(user, subject, input.Role, scope, CancellationToken.None);
        return change.Error is { } error
            ? throw RestResults.Refused(error)
            : Results.Json(new GrantMade(change.Id!.Value), RestJson.Options, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeAsync(GrantSubject subject, Guid grantId, ClaimsPrincipal user, GrantDirectory grants) =>
        RestResults.Done((await grants.RevokeAsync(user, subject, grantId, CancellationToken.None)).Error);
}
