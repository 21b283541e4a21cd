using Microsoft.AspNetCore.Authorization;

namespace Portal.Web.Access.Policies;

/// <summary>
/// Part of every policy about people: whoever was given a password chooses an own one first. What takes a permission is refused to them by their
/// grants already; this refuses what takes none.
/// </summary>
internal sealed class OwnPasswordRequirement : AuthorizationHandler<OwnPasswordRequirement>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, OwnPasswordRequirement requirement)
    {
        if (!context.User.HasClaim(claim => claim.Type == PortalClaims.MustChangePassword) || IsOpen(context.Resource))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }

    private static bool IsOpen(object? resource) => resource switch
    {
        HttpContext http => http.GetEndpoint()?.Metadata.GetMetadata<OpenWhilePasswordIsDueAttribute>() is not null,
        Microsoft.AspNetCore.Components.RouteData page => page.PageType.IsDefined(typeof(OpenWhilePasswordIsDueAttribute), inherit: false),

        // A part of a page that somebody was let in to.
        _ => true,
    };
}
