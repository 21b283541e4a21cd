using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Hosts;
using Portal.Engine.Linux.Networks.Bridge;
using Portal.Engine.Linux.Networks.Firewall;
using Portal.Engine.Linux.Networks.Host;
using Portal.Engine.Linux.Networks.Namespaces;
using Portal.Engine.Linux.Networks.Overlay;
using Portal.Engine.Linux.Networks.SubInterfaces;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Linux.Networks;

/// <summary>Registers what container networks need of Linux.</summary>
public static class LinuxNetworksServiceCollectionExtensions
{
    /// <summary>Adds namespaces, the drivers of networks, nftables and the host's ports, unless they are there.</summary>
    public static IServiceCollection AddLinuxNetworks(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<INetworkNamespaces, LinuxNetworkNamespaces>();
        services.TryAddSingleton<NftablesFirewall>();
        services.TryAddSingleton<INetworkFirewall>(provider => provider.GetRequiredService<NftablesFirewall>());
        services.TryAddSingleton<IHostWarnings>(provider => provider.GetRequiredService<NftablesFirewall>());
        services.TryAddSingleton<INameServerSockets, LinuxNameServerSockets>();
        services.TryAddSingleton<IHostPorts, LinuxHostPorts>();
        services.TryAddSingleton<IHostSubnets, LinuxHostSubnets>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<INetworkDriver, BridgeDriver>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<INetworkDriver, MacvlanDriver>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<INetworkDriver, IpvlanDriver>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<INetworkDriver, OverlayDriver>());
        return services;
    }
}
