using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.Permissions.Teams;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Features.Rest.Stored;

namespace Portal.Web.Features.Rest.Teams;

/// <summary>Teams and who is in them.</summary>
internal static class TeamEndpoints
{
    private const string Team = "/teams/{teamId:guid}";
    private const string Member = Team + "/members/{personId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/teams", ListAsync)
            .Needs(PermissionNames.TeamsManage).Says<Page<TeamEntry>>("listTeams", "All teams with their members.");
        api.MapGet(Team, FindAsync).Needs(PermissionNames.TeamsManage).Says<TeamEntry>("getTeam", "A team, with an ETag.");
        api.MapPost("/teams", CreateAsync).Needs(PermissionNames.TeamsManage).Says<TeamEntry>("createTeam", "Makes a team.", 201);
        api.MapPut(Team, UpdateAsync).Needs(PermissionNames.TeamsManage).Does("updateTeam", "Changes a team. Wants If-Match.");
        api.MapDelete(Team, RemoveAsync).Needs(PermissionNames.TeamsManage).Does("removeTeam", "Deletes a team with its grants.");
        api.MapPut(Member, AddAsync).Needs(PermissionNames.TeamsManage).Does("addTeamMember", "Puts a person into a team.");
        api.MapDelete(Member, TakeOutAsync).Needs(PermissionNames.TeamsManage).Does("removeTeamMember", "Takes a person out of a team.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, TeamDirectory teams, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await teams.ListAsync(user, cancellationToken), team => team.Name, team => team));

    private static async Task<IResult> FindAsync(Guid teamId, HttpContext context, TeamDirectory teams) =>
        EntityTags.Answer(context, await ReadAsync(context, teams, teamId));

    private static async Task<IResult> CreateAsync(RestBody<TeamInput> body, HttpContext context, TeamDirectory teams)
    {
        var made = await teams.SaveAsync(context.User, null, body.Value.Name, body.Value.Description, CancellationToken.None);
        var id = made.Error is null ? made.Id!.Value : throw RestResults.Refused(made.Error);
        return RestResults.Created(context, $"/teams/{id}", await ReadAsync(context, teams, id));
    }

    private static async Task<IResult> UpdateAsync(
        Guid teamId, RestBody<TeamInput> body, HttpContext context, TeamDirectory teams, StoredChanges changes)
    {
        var change = await changes.RunAsync(
            context,
            $"team {teamId}",
            () => ReadAsync(context, teams, teamId),
            _ => teams.SaveAsync(context.User, teamId, body.Value.Name, body.Value.Description, CancellationToken.None));
        return RestResults.Done(change.Error);
    }

    private static async Task<IResult> RemoveAsync(Guid teamId, HttpContext context, TeamDirectory teams, StoredChanges changes)
    {
        var change = await changes.RunAsync(
            context,
            $"team {teamId}",
            () => ReadAsync(context, teams, teamId),
            _ => teams.RemoveAsync(context.User, teamId, CancellationToken.None),
            required: false);
        return RestResults.Done(change.Error);
    }

    private static async Task<IResult> AddAsync(Guid teamId, Guid personId, ClaimsPrincipal user, TeamDirectory teams) =>
        RestResults.Done((await teams.AddMemberAsync(user, teamId, personId, CancellationToken.None)).Error);

    private static async Task<IResult> TakeOutAsync(Guid teamId, Guid personId, ClaimsPrincipal user, TeamDirectory teams) =>
        RestResults.Done((await teams.RemoveMemberAsync(user, teamId, personId, CancellationToken.None)).Error);

    private static async Task<TeamEntry> ReadAsync(HttpContext context, TeamDirectory teams, Guid id)
    {
        var all = await teams.ListAsync(context.User, context.RequestAborted);
        return all.FirstOrDefault(team => team.Id == id) ?? throw RestProblemException.NotFound("team");
    }
}
