using Microsoft.AspNetCore.Http.Features;
using Portal.Contracts.Permissions;
using Portal.Contracts.Permissions.Docker;
using Portal.Web.Access;
using Portal.Web.Access.Policies;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Docker;

/// <summary>
/// <c>/docker/{node}/...</c>: a node's Docker API for the stock clients, which take <c>tcp://HOST:PORT/docker/NODE</c> as an address and
/// send the token as a header. What a request needs stands in <see cref="DockerRules"/>; what does not stand there is refused.
/// </summary>
internal static class DockerEndpoint
{
    public const string Pattern = "/docker/{node}/{**path}";

    public static void MapDocker(this IEndpointRouteBuilder endpoints) => endpoints.Map(Pattern, HandleAsync)
        .RequireAuthorization(new RequirePermissionAttribute(PermissionNames.NodesView))
        .DisableAntiforgery();

    private static async Task HandleAsync(HttpContext context, string node, IFleet fleet, IAuthorizer authorizer, DockerForwarder forwarder)
    {
        // A page of another site can make a browser send a session's cookie; a token it can't.
        if (context.User.TokenIdOf() is null)
        {
            const string NoToken = "This needs an API token: Authorization: Bearer portal_...";
            await DockerErrors.WriteAsync(context, StatusCodes.Status401Unauthorized, NoToken);
            return;
        }

        var access = await authorizer.ReadAccessAsync(context.User, context.RequestAborted);
        var found = fleet.Current.Nodes.Values.FirstOrDefault(candidate =>
            (candidate.Name.Equals(node, StringComparison.OrdinalIgnoreCase) || candidate.Id.ToString() == node)
            && access.Allows(PermissionNames.NodesView, AccessScope.Node(candidate.Id)));
        if (found is null)
        {
            await DockerErrors.WriteAsync(context, StatusCodes.Status404NotFound, $"There is no node '{node}' that you may see.");
            return;
        }

        Unbound(context);
        var path = "/" + string.Join('/', context.Request.Path.Value!.Split('/')[3..]);
        await forwarder.HandleAsync(context, found, path);
    }

    // Archives may be larger than any limit for ordinary bodies, and come or go slowly; what is read whole is bounded where it is read.
    private static void Unbound(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } request)
        {
            request.MinDataRate = null;
        }

        if (context.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinResponseDataRateFeature>() is { } response)
        {
            response.MinDataRate = null;
        }
    }
}
