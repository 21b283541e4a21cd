using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Builds.Caching;
using Portal.Engine.Builds.Contexts;
using Portal.Engine.Builds.Execution;
using Portal.Engine.Builds.Execution.Copies;
using Portal.Engine.Builds.Execution.Mounts;
using Portal.Engine.Builds.Remotes;

namespace Portal.Engine.Builds;

/// <summary>Registers the builder.</summary>
public static class BuildServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IBuilder"/> with all that it consists of, unless it is there. Needs images, containers, <see cref="Files.IRootFiles"/>
    /// and <see cref="IGitRepositories"/>.
    /// </summary>
    public static IServiceCollection AddBuilds(this IServiceCollection services)
    {
        services.TryAddSingleton<CacheFolder>();
        services.TryAddSingleton<BuildCache>();
        services.TryAddSingleton<CacheLimitsFile>();
        services.TryAddSingleton<CachePruner>();
        services.TryAddSingleton<StepFlights>();
        services.TryAddSingleton<CacheMounts>();
        services.TryAddSingleton<RemoteFiles>();
        services.TryAddSingleton<RemoteRepositories>();
        services.TryAddSingleton<BuildSources>();
        services.TryAddSingleton<BaseImages>();
        services.TryAddSingleton<CopyLayers>();
        services.TryAddSingleton<AddedSources>();
        services.TryAddSingleton<CopyStep>();
        services.TryAddSingleton<StepOwners>();
        services.TryAddSingleton<MountPreparer>();
        services.TryAddSingleton<RunContainers>();
        services.TryAddSingleton<RunStep>();
        services.TryAddSingleton<StageRunner>();
        services.TryAddSingleton<Builder>();
        services.TryAddSingleton<BuildRecovery>();
        services.TryAddSingleton<IBuilder>(provider => provider.GetRequiredService<Builder>());
        return services;
    }
}
