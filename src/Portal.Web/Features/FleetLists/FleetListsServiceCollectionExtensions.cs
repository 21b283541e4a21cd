using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.FleetLists.Preferences;
using Portal.Web.Features.FleetLists.Views;

namespace Portal.Web.Features.FleetLists;

internal static class FleetListsServiceCollectionExtensions
{
    /// <summary>What the lists over all nodes share.</summary>
    public static IServiceCollection AddFleetLists(this IServiceCollection services)
    {
        services.TryAddSingleton<IColumnPreferences, DatabaseColumnPreferences>();
        services.TryAddSingleton<ISavedViews, SavedViews>();
        return services;
    }
}
