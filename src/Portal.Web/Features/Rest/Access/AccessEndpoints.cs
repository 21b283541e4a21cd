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
                [Description(Place)] Guid? environment, [Description(Place)] Guid? node, [Description(Place)] Guid? stack,
                HttpContext context, AccessReader access) =>
                AnswerAsync(context.User.UserId() ?? Guid.Empty, (environment, node, stack), context, access))
            .Says<AccessItem>("getOwnAccess", "What one may do oneself, and why; a token may do no more of it than it was limited to.");
        api.MapGet("/people/{personId:guid}/access", (
                Guid personId, [Description(Place)] Guid? environment, [Description(Place)] Guid? node, [Description(Place)] Guid? stack,
                HttpContext context, AccessReader access) => AnswerAsync(personId, (environment, node, stack), context, access))
            .Needs(PermissionNames.UsersManage).Says<AccessItem>("getPersonAccess", "What a person may do, and because of which grants.");
    }

    private const string Place = "There alone; with none of environment, node and stack, anywhere.";

    private static async Task<IResult> AnswerAsync(
        Guid personId, (Guid? Environment, Guid? Node, Guid? Stack) asked, HttpContext context, AccessReader reader)
    {
        if (new[] { asked.Environment, asked.Node, asked.Stack }.Count(id => id is not null) > 1)
        {
            throw new RestProblemException(ProblemKind.InvalidArgument, "Name an environment, a node or a stack, one of them at most.");
        }

        var found = await reader.ReadAsync(context.User, personId, context.RequestAborted) ?? throw RestProblemException.NotFound("person");
        var scope = AccessScope.From(asked.Environment, asked.Node, asked.Stack);
        var place = scope.IsEverything ? null
            : (await reader.ListPlacesAsync(context.User, context.RequestAborted))
                .FirstOrDefault(place => scope.StackId is null ? place.Scope == scope : place.Scope.StackId == scope.StackId)
                ?? throw RestProblemException.NotFound("place");
        return RestResults.Ok(AccessItem.Of(found, place));
    }
}
