using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Builds.Files;
using Portal.Engine.Builds.Remotes;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Processes;
using Portal.Engine.Linux.Builds;
using Portal.Engine.Linux.Compression;
using Portal.Engine.Linux.Networks;
using Portal.Engine.Linux.Processes;
using Portal.Engine.Linux.Runtime;
using Portal.Engine.Linux.Runtime.Shells;
using Portal.Engine.Linux.Snapshots;
using Portal.Engine.Linux.Storage;
using Portal.Engine.Linux.UserNamespaces;
using Portal.Engine.Linux.Volumes;
using Portal.Engine.Runtime;

namespace Portal.Engine.Linux.Hosting;

/// <summary>Registers all that the engine's core needs of Linux.</summary>
public static class LinuxEngineServiceCollectionExtensions
{
    /// <summary>Adds each Linux part as a singleton, unless one is there. Belongs to <c>AddEngine</c>, in any order.</summary>
    public static IServiceCollection AddLinuxEngine(this IServiceCollection services)
    {
        services.TryAddSingleton<IHostProcesses, LinuxHostProcesses>();
        services.TryAddSingleton<IHostShells, HostShells>();
        services.TryAddSingleton<IProcessLister, HostProcessLister>();
        services.TryAddSingleton<MountOwners>();
        services.TryAddSingleton<IRootFiles, RootFiles>();
        services.TryAddSingleton<IGitRepositories, GitRepositories>();
        services.TryAddSingleton<ISshAgents, SshAgents>();
        return services
            .AddLinuxStorage()
            .AddLinuxCompression()
            .AddLinuxSnapshots()
            .AddLinuxVolumes()
            .AddLinuxRuntime()
            .AddLinuxNetworks();
    }
}
