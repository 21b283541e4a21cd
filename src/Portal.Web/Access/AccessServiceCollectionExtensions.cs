using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Access.Policies;

namespace Portal.Web.Access;

public static class AccessServiceCollectionExtensions
{
    /// <summary>Adds the <see cref="IAuthorizer"/> and makes it decide for pages and endpoints. What has no rule needs a signed-in person.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.TryAddSingleton<IAuthorizer, DatabaseAuthorizer>();
        services.TryAddSingleton<StandingAccess>();
        services.TryAddSingleton<IAuthorizationPolicyProvider, PermissionPolicyProvider>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthorizationHandler, PermissionHandler>());
        services.TryAddSingleton<IAuthorizationMiddlewareResultHandler, AuditedDenials>();
        services.AddAuthorization(options =>
            options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        return services;
    }
}
