using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Hosting;
using Portal.Engine.Hosts;
using Portal.Engine.Linux.Cgroups;
using Portal.Engine.Linux.Hosts;
using Portal.Engine.Linux.Runtime.AppArmor;
using Portal.Engine.Linux.Runtime.Cdi;
using Portal.Engine.Linux.Runtime.Checks;
using Portal.Engine.Linux.Runtime.Conmon;
using Portal.Engine.Linux.Runtime.Invoking;
using Portal.Engine.Linux.Runtime.Seccomp;
using Portal.Engine.Linux.Runtime.Spec;
using Portal.Engine.Linux.Stats;
using Portal.Engine.Linux.UserNamespaces;
using Portal.Engine.Runtime;
using Portal.Engine.Runtime.Checks;
using Portal.Engine.Runtime.Namespaces;
using Portal.Engine.Stats;

namespace Portal.Engine.Linux.Runtime;

/// <summary>Registers the Linux implementation of runtime, statistics and host facts.</summary>
public static class RuntimeServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IContainerRuntime"/>, <see cref="IStatsReader"/> and <see cref="IHostFacts"/>, unless they are
    /// there. Needs an
    /// <see cref="EngineOptions"/> and logging.
    /// </summary>
    public static IServiceCollection AddLinuxRuntime(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => CgroupMounts.Detect());
        services.TryAddSingleton<CgroupTree>();
        services.TryAddSingleton<RuntimeLayout>();
        services.TryAddSingleton<SealedPrograms>();
        services.TryAddSingleton<Invocations>();
        services.TryAddSingleton<RuntimeSelector>();
        services.TryAddSingleton<OciCommands>();
        services.TryAddSingleton<MonitorLauncher>();
        services.TryAddSingleton<WaitingMonitors>();
        services.TryAddSingleton<LostMonitors>();
        services.TryAddSingleton<ExitWatcher>();
        services.TryAddSingleton<RuntimeCatalog>();
        services.TryAddSingleton<NamespacePlan>();
        services.TryAddSingleton<SharedMemory>();
        services.TryAddSingleton<CdiCatalog>();
        services.TryAddSingleton<CdiDevices>();
        services.TryAddSingleton<SpecBuilder>();
        services.TryAddSingleton<CgroupAbilities>();
        services.TryAddSingleton(new AppArmorPaths());
        services.TryAddSingleton<AppArmorProfiles>();
        services.TryAddSingleton<CompiledFilters>();
        services.TryAddSingleton<LinuxUserNamespaces>();
        services.Replace(ServiceDescriptor.Singleton<IUserNamespaces>(
            provider => provider.GetRequiredService<LinuxUserNamespaces>()));

        // The core brings one that takes everything.
        services.Replace(ServiceDescriptor.Singleton<IContainerChecks, LinuxContainerChecks>());
        services.TryAddSingleton<IContainerRuntime, LinuxRuntime>();
        services.TryAddSingleton<IStatsReader, LinuxStatsReader>();
        services.TryAddSingleton<IHostFacts, LinuxHostFacts>();
        return services;
    }
}
