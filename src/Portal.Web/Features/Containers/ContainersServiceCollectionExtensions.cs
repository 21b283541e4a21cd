using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Containers.Files;
using Portal.Web.Features.Containers.Listing;

namespace Portal.Web.Features.Containers;

internal static class ContainersServiceCollectionExtensions
{
    public static IServiceCollection AddContainers(this IServiceCollection services)
    {
        services.TryAddScoped<ContainerCommands>();
        services.TryAddScoped<ContainerFiles>();
        services.TryAddScoped<ContainerWatch>();
        services.TryAddSingleton<ContainerRows>();
        services.TryAddTransient<FleetContainers>();
        return services;
    }
}
