using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Portal.Web.Audit;

namespace Portal.Web.Access.Policies;

/// <summary>Writes to the audit log what a signed-in person was refused by a route's policy; what code refuses, the <see cref="IAuthorizer"/> writes.</summary>
internal sealed class AuditedDenials(IAuditLog audit) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _default = new();

    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Forbidden && context.User.UserId() is not null)
        {
            var permission = policy.Requirements.OfType<PermissionRequirement>().FirstOrDefault()?.Permission ?? "";
            var target = $"{context.Request.Method} {context.Request.Path}";
            var nodeId = Guid.TryParse(context.Request.RouteValues.GetValueOrDefault("nodeId")?.ToString(), out var id) ? id : (Guid?)null;
            var entry = new AuditEntry(
                context.User.ToActor(), permission, "route", context.Request.Path, target, nodeId, AuditOutcome.Denied);
            await audit.WriteAsync(entry, context.RequestAborted);
        }

        await _default.HandleAsync(next, context, policy, authorizeResult);
    }
}
