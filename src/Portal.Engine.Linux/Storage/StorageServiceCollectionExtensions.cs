using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Storage;

namespace Portal.Engine.Linux.Storage;

/// <summary>Registers the Linux implementation of durable files.</summary>
public static class StorageServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IDurableFiles"/>, unless one is there.</summary>
    public static IServiceCollection AddLinuxStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<IDurableFiles, LinuxDurableFiles>();
        return services;
    }
}
