using System.Collections.Immutable;
using System.Security.Claims;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Rest.Json;
using Portal.Web.Features.Rest.Paging;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Nodes.Joining;

namespace Portal.Web.Features.Rest.Nodes;

/// <summary>Tokens that hosts become nodes with.</summary>
internal static class JoinTokenEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/join-tokens", ListAsync).Needs(PermissionNames.NodesManage)
            .Says<Page<OpenJoinToken>>("listJoinTokens", "Join tokens that are open, where you manage nodes. Their text is not told again.");
        api.MapPost("/join-tokens", CreateAsync).Needs(PermissionNames.NodesManage)
            .Says<CreatedJoinToken>("createJoinToken", "Makes a token to join nodes with; it is told this once.", 201);
        api.MapDelete("/join-tokens/{tokenId:guid}", RevokeAsync).Needs(PermissionNames.NodesManage)
            .Does("revokeJoinToken", "Takes a join token back: no host comes with it any more. Nodes that came with it stay.");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] PageQuery page, ClaimsPrincipal user, OpenJoinTokens tokens, CancellationToken cancellationToken) =>
        RestResults.Ok(page.Cut(await tokens.ListAsync(user, cancellationToken), token => token.Id.ToString(), token => token));

    private static async Task<IResult> RevokeAsync(Guid tokenId, ClaimsPrincipal user, OpenJoinTokens tokens) =>
        await tokens.RevokeAsync(user, tokenId, CancellationToken.None) is null
            ? RestResults.NoContent()
            : throw RestProblemException.NotFound("join token");

    private static async Task<IResult> CreateAsync(
        RestBody<JoinTokenInput> body, HttpContext context, IAuthorizer authorizer, IJoinTokens tokens)
    {
        var input = body.Value;
        var scope = AccessScope.From(input.EnvironmentId, null);
        var actor = await authorizer.EnsureAsync(context.User, PermissionNames.NodesManage, scope, context.RequestAborted);
        if (NodeEndpoints.LabelsOf(input.Labels ?? ImmutableDictionary<string, string>.Empty, out var labels) is { } error)
        {
            throw RestResults.Refused(error);
        }

        var settings = new NewJoinToken
        {
            Uses = input.Uses,
            Lifetime = TimeSpan.FromMinutes(input.LifetimeMinutes),
            Note = input.Note,
            EnvironmentId = input.EnvironmentId,
            Confirm = input.Confirm,
            Labels = labels,
        };
        try
        {
            var made = await tokens.CreateAsync(settings, actor, CancellationToken.None);
            return Results.Json(made, RestJson.Options, statusCode: StatusCodes.Status201Created);
        }
        catch (ArgumentException problem)
        {
            throw RestResults.Refused(problem.Message);
        }
    }
}
