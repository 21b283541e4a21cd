using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Networks.Listing;

namespace Portal.Web.Features.Networks;

internal static class NetworksServiceCollectionExtensions
{
    public static IServiceCollection AddNetworks(this IServiceCollection services)
    {
        services.TryAddScoped<NetworkCommands>();
        services.TryAddTransient<FleetNetworks>();
        return services;
    }
}
