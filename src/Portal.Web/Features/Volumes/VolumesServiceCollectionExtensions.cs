using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Web.Features.Volumes.Files;
using Portal.Web.Features.Volumes.Listing;
using Portal.Web.Features.Volumes.Transfers;

namespace Portal.Web.Features.Volumes;

internal static class VolumesServiceCollectionExtensions
{
    /// <summary>
    /// Volumes; <see cref="VolumeFileEndpoints.MapVolumeFiles"/> and <see cref="VolumeTransferEndpoints.MapVolumeTransfers"/> map the
    /// endpoints of files and archives.
    /// </summary>
    public static IServiceCollection AddVolumes(this IServiceCollection services)
    {
        services.TryAddScoped<VolumeCommands>();
        services.TryAddScoped<VolumeFiles>();
        services.TryAddSingleton<VolumeTransfers>();
        services.TryAddTransient<FleetVolumes>();
        return services;
    }
}
