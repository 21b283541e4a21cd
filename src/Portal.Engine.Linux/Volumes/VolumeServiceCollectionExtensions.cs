using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Volumes.Drivers;

namespace Portal.Engine.Linux.Volumes;

/// <summary>Registers the Linux implementation of volumes.</summary>
public static class VolumeServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IVolumeFiles"/>, <see cref="IVolumeMounter"/> and <see cref="IVolumeTrees"/>, unless they are there.</summary>
    public static IServiceCollection AddLinuxVolumes(this IServiceCollection services)
    {
        services.TryAddSingleton<IVolumeFiles, LinuxVolumeFiles>();
        services.TryAddSingleton<IVolumeMounter, LinuxVolumeMounter>();
        services.TryAddSingleton<IVolumeTrees, LinuxVolumeTrees>();
        return services;
    }
}
