using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Web.Features.Consoles;

internal static class ConsolesServiceCollectionExtensions
{
    /// <summary>Terminals in the browser; <see cref="ConsoleEndpoint.MapConsoles"/> maps their endpoint.</summary>
    public static IServiceCollection AddConsoles(this IServiceCollection services)
    {
        services.TryAddSingleton<ConsoleTickets>();
        return services;
    }
}
