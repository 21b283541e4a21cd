using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Storage;

namespace Portal.Engine.Linux.Storage;

/// <summary>Registers the Linux implementation of durable files and watched folders.</summary>
public static class StorageServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IDurableFiles"/>, <see cref="IFolderWatcher"/> and <see cref="IGuardedFolders"/>, unless they are there.</summary>
    public static IServiceCollection AddLinuxStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<IDurableFiles, LinuxDurableFiles>();
        services.TryAddSingleton<IFolderWatcher, InotifyFolderWatcher>();
        services.TryAddSingleton<IGuardedFolders, LinuxGuardedFolders>();
        return services;
    }
}
