using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Portal.Contracts.Permissions;
using Portal.Web.Access.Policies;
using Portal.Web.Features.Builds.Running;
using Portal.Web.Features.Rest.Problems;
using Portal.Web.Security;

namespace Portal.Web.Features.Builds;

/// <summary>
/// <c>POST /api/v1/nodes/{node}/builds/{build}/context</c>: the body is the context's archive, streamed to the node as it comes. Answers
/// when the node has all of it; the build goes on without the request.
/// </summary>
internal static class BuildContextEndpoint
{
    public const string Pattern = "/api/v1/nodes/{nodeId:guid}/builds/{buildId:guid}/context";

    public static IEndpointConventionBuilder MapBuildContext(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost(Pattern, HandleAsync).RequireAuthorization(new RequirePermissionAttribute(PermissionNames.ImagesBuild))
            .WithName("sendBuildContext").WithSummary("Sends the files of a build that waits for them.");

    private static async Task<IResult> HandleAsync(
        Guid nodeId, Guid buildId, HttpContext context, IAntiforgery antiforgery, BuildRuns runs)
    {
        // A browser sends cookies with a forged cross-site request too; the token only from our own page.
        if (!await antiforgery.IsGenuineAsync(context))
        {
            return RestProblems.Answer(N("The page that sent this is too old. Load it again and repeat the upload."), statusCode: 400);
        }

        // Whose build it is was decided when it began; another person's is not there.
        if (runs.Find(context.User, buildId) is not { Context: { } upload } run || run.NodeId != nodeId)
        {
            return RestProblems.Answer(N("There is no such build that waits for a context."), statusCode: StatusCodes.Status404NotFound);
        }

        // A context may be larger than any limit for ordinary bodies. It is not buffered, and the node bounds what it takes.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        return await upload.BringAsync(context.Request.Body, context.Request.ContentLength, context.RequestAborted)
            ? Results.NoContent()
            : RestProblems.Answer(N("This build has its context already, or is over."), statusCode: StatusCodes.Status409Conflict);
    }
}
