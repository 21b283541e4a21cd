using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Features.People.Directory;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.People;

/// <summary>People.</summary>
internal static class PersonEndpoints
{
    private const string Person = "/people/{personId:guid}";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/people", ListAsync)
            .Needs(PermissionNames.UsersManage).Says<Page<Person>>("listPeople", "All people and service accounts.");
        api.MapGet(Person, FindAsync).Needs(PermissionNames.UsersManage).Says<Person>("getPerson", "A person with their roles.");
        api.MapPost("/people", CreateAsync).Needs(PermissionNames.UsersManage)
            .Says<MadePassword>("createPerson", "Makes a person with a password that is told this once.", 201);
        api.MapPost(Person + "/disable", (Guid personId, ClaimsPrincipal user, PeopleDirectory people) =>
                DoneAsync(people.SetDisabledAsync(user, personId, true, CancellationToken.None)))
            .Needs(PermissionNames.UsersManage).Does("disablePerson", "Shuts a person out and ends their sessions.");
        api.MapPost(Person + "/enable", (Guid personId, ClaimsPrincipal user, PeopleDirectory people) =>
                DoneAsync(people.SetDisabledAsync(user, personId, false, CancellationToken.None)))
            .Needs(PermissionNames.UsersManage).Does("enablePerson", "Lets a person in again.");
        api.MapPost(Person + "/reset-two-factor", (Guid personId, ClaimsPrincipal user, PeopleDirectory people) =>
                DoneAsync(people.ResetTwoFactorAsync(user, personId, CancellationToken.None)))
            .Needs(PermissionNames.UsersManage).Does("resetTwoFactor", "Lets a person in by the password alone, once.");
        api.MapPost(Person + "/reset-password", ResetAsync).Needs(PermissionNames.UsersManage)
            .Says<MadePassword>("resetPassword", "Gives a person a new password, which is told this once, and ends their sessions.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, PeopleDirectory people, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await people.ListAsync(user, cancellationToken), person => person.UserName, person => person));

    private static async Task<IResult> FindAsync(
        Guid personId, ClaimsPrincipal user, PeopleDirectory people, CancellationToken cancellationToken)
    {
        var all = await people.ListAsync(user, cancellationToken);
        return RestResults.Ok(all.FirstOrDefault(person => person.Id == personId) ?? throw RestProblemException.NotFound("person"));
    }

    private static async Task<IResult> CreateAsync(RestBody<NewPerson> body, HttpContext context, PeopleDirectory people)
    {
        var input = body.Value;
        if (input is { EnvironmentId: not null, NodeId: not null })
        {
            throw new RestProblemException(ProblemKind.InvalidArgument, "Name an environment or a node, not both.");
        }

        var name = input.UserName;
        var change = await people.CreateAsync(context.User, name, input.DisplayName, input.ToStart(), CancellationToken.None);
        if (change.Error is { } error)
        {
            throw RestResults.Refused(error);
        }

        var all = await people.ListAsync(context.User, CancellationToken.None);
        var made = all.First(person => person.UserName == name.Trim());
        return RestResults.Created(context, $"/people/{made.Id}", new MadePassword(made.Id, change.Password!));
    }

    private static async Task<IResult> ResetAsync(Guid personId, ClaimsPrincipal user, PeopleDirectory people)
    {
        var change = await people.ResetPasswordAsync(user, personId, CancellationToken.None);
        return change.Error is { } error
            ? throw RestResults.Refused(error)
            : RestResults.Ok(new MadePassword(personId, change.Password!));
    }

    private static async Task<IResult> DoneAsync(Task<PersonChange> change) => RestResults.Done((await change).Error);
}
