using System.ComponentModel;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Permissions.Effective;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Problems;

namespace Portal.Web.Features.Rest.Access;

/// <summary>What people may do where, and because of which grant.</summary>
internal static class AccessEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/me/access", (
                [Description(Place)] Guid? environment, [Description(Place)] Guid? node, HttpContext context, AccessReader access) =>
                AnswerAsync(context.User.UserId() ?? Guid.Empty, environment, node, context, access))
            .Says<AccessItem>("getOwnAccess", "What one may do oneself, and why; a token may do no more of it than it was limited to.");
        api.MapGet("/people/{personId:guid}/access", (
                Guid personId, [Description(Place)] Guid? environment, [Description(Place)] Guid? node, HttpContext context,
                AccessReader access) => AnswerAsync(personId, environment, node, context, access))
            .Needs(PermissionNames.UsersManage).Says<AccessItem>("getPersonAccess", "What a person may do, and because of which grants.");
    }

    private const string Place = "There alone; with neither an environment nor a node, anywhere.";

    private static async Task<IResult> AnswerAsync(
        Guid personId, Guid? environmentId, Guid? nodeId, HttpContext context, AccessReader reader)
    {
        if (environmentId is not null && nodeId is not null)
        {
            throw new RestProblemException(ProblemKind.InvalidArgument, "Name an environment or a node, not both.");
        }

        var found = await reader.ReadAsync(context.User, personId, context.RequestAborted) ?? throw RestProblemException.NotFound("person");
        var scope = AccessScope.From(environmentId, nodeId);
        var place = scope.IsEverything ? null
            : (await reader.ListPlacesAsync(context.User, context.RequestAborted)).FirstOrDefault(place => place.Scope == scope)
                ?? throw RestProblemException.NotFound("place");
        return RestResults.Ok(AccessItem.Of(found, place));
    }
}
