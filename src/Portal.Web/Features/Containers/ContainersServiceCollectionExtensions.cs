using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Web.Features.Containers;

internal static class ContainersServiceCollectionExtensions
{
    public static IServiceCollection AddContainers(this IServiceCollection services)
    {
        services.TryAddScoped<ContainerCommands>();
        services.TryAddScoped<ContainerWatch>();
        return services;
    }
}
