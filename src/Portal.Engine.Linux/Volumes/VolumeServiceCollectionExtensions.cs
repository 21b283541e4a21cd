using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Linux.Volumes.Archives;
using Portal.Engine.Volumes.Drivers;

namespace Portal.Engine.Linux.Volumes;

/// <summary>Registers the Linux implementation of volumes.</summary>
public static class VolumeServiceCollectionExtensions
{
    /// <summary>Adds all of <c>Portal.Engine.Volumes.Drivers</c>, unless it is there.</summary>
    public static IServiceCollection AddLinuxVolumes(this IServiceCollection services)
    {
        services.TryAddSingleton<IVolumeFiles, LinuxVolumeFiles>();
        services.TryAddSingleton<IVolumeMounter, LinuxVolumeMounter>();
        services.TryAddSingleton<IVolumePlacing, LinuxVolumePlacing>();
        services.TryAddSingleton<IVolumeTrees, LinuxVolumeTrees>();
        services.TryAddSingleton<IVolumeArchives, LinuxVolumeArchives>();
        return services;
    }
}
