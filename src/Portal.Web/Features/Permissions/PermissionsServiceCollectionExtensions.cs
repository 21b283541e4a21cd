using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Access.Changes;
using Portal.Web.Features.Permissions.Effective;
using Portal.Web.Features.Permissions.Grants;
using Portal.Web.Features.Permissions.Roles;
using Portal.Web.Features.Permissions.Teams;

namespace Portal.Web.Features.Permissions;

internal static class PermissionsServiceCollectionExtensions
{
    /// <summary>Grants, roles and teams, and the pages to see and change them.</summary>
    public static IServiceCollection AddPermissions(this IServiceCollection services)
    {
        services.TryAddSingleton<AccessChanges>();
        services.TryAddSingleton<GrantDirectory>();
        services.TryAddSingleton<AccessReader>();
        services.TryAddSingleton<RoleDirectory>();
        services.TryAddSingleton<TeamDirectory>();
        return services;
    }
}
