using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portal.Engine.Hosting;

/// <summary>Registers the engine's core.</summary>
public static class EngineServiceCollectionExtensions
{
    /// <summary>
    /// Adds all parts of the core as singletons, unless they are there. What touches the kernel comes from elsewhere:
    /// on Linux from <c>AddLinuxEngine</c>. The caller adds logging, and calls <see cref="IEngine.StartAsync"/> before
    /// it uses any other part.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="options">Where the instance keeps its things, and its name.</param>
    public static IServiceCollection AddEngine(this IServiceCollection services, EngineOptions options)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }
}
