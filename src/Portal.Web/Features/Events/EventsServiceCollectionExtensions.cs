using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Web.Features.Events;

internal static class EventsServiceCollectionExtensions
{
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.TryAddSingleton<EventReader>();
        services.AddHostedService<EventRetention>();
        return services;
    }
}
