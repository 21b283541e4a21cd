using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Builds;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Committing;
using Portal.Engine.Containers.Creation;
using Portal.Engine.Containers.Execs;
using Portal.Engine.Containers.Health;
using Portal.Engine.Containers.Joining;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Containers.Networking;
using Portal.Engine.Containers.Processes;
using Portal.Engine.Containers.Restarts;
using Portal.Engine.Containers.Serving;
using Portal.Engine.Containers.Sizes;
using Portal.Engine.Containers.Store;
using Portal.Engine.Containers.Updates;
using Portal.Engine.Containers.Users;
using Portal.Engine.Events;
using Portal.Engine.Images;
using Portal.Engine.Logs;
using Portal.Engine.Logs.Forwarding;
using Portal.Engine.Logs.Rotation;
using Portal.Engine.Networks;
using Portal.Engine.Runtime.Checks;
using Portal.Engine.Runtime.Namespaces;
using Portal.Engine.Stats;
using Portal.Engine.Trees;
using Portal.Engine.Storage;
using Portal.Engine.Volumes;
using Portal.Engine.Volumes.Backups;
using Portal.Engine.Volumes.Contents;
using Portal.Engine.Volumes.State;

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
    /// <exception cref="ArgumentException">
    /// The instance's name is not 1 to 8 of <c>[a-z0-9]</c>, or a folder is not an absolute path.
    /// </exception>
    public static IServiceCollection AddEngine(this IServiceCollection services, EngineOptions options)
    {
        Validate(options);
        services.TryAddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IEngineEvents, EngineEvents>();
        services.TryAddSingleton<IEngine, ContainerEngine>();
        services.TryAddSingleton<ContainerReconciler>();
        services.TryAddSingleton<ExitWatcher>();
        services.TryAddSingleton<CutOffWrites>();
        return services.AddEngineImages().AddEngineNetworks().AddVolumes().AddContainers().AddLogs().AddStats().AddBuilds();
    }

    private static IServiceCollection AddVolumes(this IServiceCollection services)
    {
        services.TryAddSingleton<VolumeFolders>();
        services.TryAddSingleton<VolumeSizes>();
        services.TryAddSingleton<IVolumeContents, VolumeContents>();
        services.TryAddSingleton<ContainerHolds>();
        services.TryAddSingleton<IVolumeBackups, VolumeBackups>();
        services.TryAddSingleton<LocalVolumes>();
        services.TryAddSingleton<IVolumes>(provider => provider.GetRequiredService<LocalVolumes>());
        services.TryAddSingleton<IVolumeUsers>(provider => provider.GetRequiredService<ContainerRegistry>());
        return services;
    }

    private static IServiceCollection AddContainers(this IServiceCollection services)
    {
        services.TryAddSingleton<IContainerChecks, UncheckedHost>();
        services.TryAddSingleton<ContainerRegistry>();
        services.TryAddSingleton<IImageUsers>(provider => provider.GetRequiredService<ContainerRegistry>());
        services.TryAddSingleton<ContainerStore>();
        services.TryAddSingleton<ContainerEvents>();
        services.TryAddSingleton<ContainerReferences>();
        services.TryAddSingleton<IUserNamespaces, NoUserNamespaces>();
        services.TryAddSingleton<UserMappings>();
        services.TryAddSingleton<ContainerCreator>();
        services.TryAddSingleton<ContainerStarter>();
        services.TryAddSingleton<ContainerServing>();
        services.TryAddSingleton<ContainerStopper>();
        services.TryAddSingleton<ContainerRemover>();
        services.TryAddSingleton<ContainerExits>();
        services.TryAddSingleton<RestartScheduler>();
        services.TryAddSingleton<RestartRecovery>();
        services.TryAddSingleton<IContainerUpdates, ContainerUpdater>();
        services.TryAddSingleton<IContainerProcesses, ContainerProcesses>();
        services.TryAddSingleton<IContainerSizes, ContainerSizes>();
        services.TryAddSingleton<HealthProbe>();
        services.TryAddSingleton<HealthMonitor>();
        services.TryAddSingleton<UnhealthyRestarter>();
        services.TryAddSingleton<IContainers, Containers.Lifecycle.Containers>();
        services.TryAddSingleton<IContainerNetworks, ContainerNetworks>();
        services.TryAddSingleton<INetworkDirectory, NetworkDirectory>();
        services.TryAddSingleton<Execs>();
        services.TryAddSingleton<IContainerCommits, ContainerCommitter>();
        services.TryAddSingleton<ContainerTrees>();
        services.TryAddSingleton<IContainerTrees>(provider => provider.GetRequiredService<ContainerTrees>());
        services.TryAddSingleton<IContainerFiles>(provider => provider.GetRequiredService<ContainerTrees>());
        services.TryAddSingleton<IExecs>(provider => provider.GetRequiredService<Execs>());
        return services;
    }

    private static IServiceCollection AddLogs(this IServiceCollection services)
    {
        services.TryAddSingleton<IContainerLogs, ContainerLogs>();
        services.TryAddSingleton<LogRotator>();
        services.TryAddSingleton<DiskWatch>();
        services.TryAddSingleton<LogSinks>();
        services.TryAddSingleton<LogForwarder>();
        return services;
    }

    private static IServiceCollection AddStats(this IServiceCollection services)
    {
        services.TryAddSingleton<IContainerStats, ContainerStats>();
        return services;
    }

    private static void Validate(EngineOptions options)
    {
        if (options.Name.Length is < 1 or > 8
            || !options.Name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)))
        {
            throw new ArgumentException(
                $"The instance name '{options.Name}' must be 1 to 8 characters of [a-z0-9].", nameof(options));
        }

        if (!Path.IsPathFullyQualified(options.DataRoot) || !Path.IsPathFullyQualified(options.RunRoot))
        {
            throw new ArgumentException("DataRoot and RunRoot must be absolute paths.", nameof(options));
        }

        if (options.VolumePaths?.FirstOrDefault(path => !Path.IsPathFullyQualified(path)) is { } relative)
        {
            throw new ArgumentException($"'{relative}', which volumes shall be allowed to mount, must be an absolute path.", nameof(options));
        }
    }
}
