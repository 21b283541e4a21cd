using Microsoft.AspNetCore.Authorization;

namespace Portal.Web.Access.Policies;

/// <summary>Asks the <see cref="IAuthorizer"/> on behalf of ASP.NET Core and of the Blazor router.</summary>
internal sealed class PermissionHandler(IAuthorizer authorizer) : AuthorizationHandler<PermissionRequirement>
{
    private const string NodeIdKey = "nodeId";

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        var cancellation = (context.Resource as HttpContext)?.RequestAborted ?? CancellationToken.None;
        var access = await authorizer.ReadAccessAsync(context.User, cancellation);
        var nodeId = NodeIdOf(context.Resource);
        if (IsAllowed(access, requirement.Permission, nodeId)
            || (requirement.Alternative is { } other && IsAllowed(access, other, nodeId)))
        {
            context.Succeed(requirement);
        }
    }

    private static bool IsAllowed(EffectiveAccess access, string permission, object? nodeId)
    {
        return nodeId switch
        {
            null => access.AllowsSomewhere(permission),
            Guid id => access.Allows(permission, AccessScope.Node(id)),

            // Something else than an id names no node: nothing is allowed on it.
            _ => Guid.TryParse(nodeId.ToString(), out var id) && access.Allows(permission, AccessScope.Node(id)),
        };
    }

    private static object? NodeIdOf(object? resource)
    {
        return resource switch
        {
            HttpContext http => http.Request.RouteValues.GetValueOrDefault(NodeIdKey),
            Microsoft.AspNetCore.Components.RouteData page => page.RouteValues
                .FirstOrDefault(value => value.Key.Equals(NodeIdKey, StringComparison.OrdinalIgnoreCase)).Value,
            _ => null,
        };
    }
}
