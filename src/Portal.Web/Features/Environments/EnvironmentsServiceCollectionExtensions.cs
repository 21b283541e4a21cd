using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Environments.Rules;

namespace Portal.Web.Features.Environments;

internal static class EnvironmentsServiceCollectionExtensions
{
    /// <summary>Environments of nodes.</summary>
    public static IServiceCollection AddEnvironments(this IServiceCollection services)
    {
        services.TryAddSingleton<EnvironmentDirectory>();
        services.TryAddSingleton<EnvironmentRules>();
        return services;
    }
}
