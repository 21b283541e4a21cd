using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Web.Features.Environments;

internal static class EnvironmentsServiceCollectionExtensions
{
    /// <summary>Environments of nodes.</summary>
    public static IServiceCollection AddEnvironments(this IServiceCollection services)
    {
        services.TryAddSingleton<EnvironmentDirectory>();
        return services;
    }
}
