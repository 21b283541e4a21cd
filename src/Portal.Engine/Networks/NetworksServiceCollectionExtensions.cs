using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Engine.Events;
using Portal.Engine.Networks.Dns;
using Portal.Engine.Networks.Ingress;
using Portal.Engine.Networks.Orchestration;
using Portal.Engine.Networks.Overlay;
using Portal.Engine.Networks.Reporting;

namespace Portal.Engine.Networks;

/// <summary>Registers the engine's networks.</summary>
public static class NetworksServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="INetworks"/> and <see cref="INetworkTeardown"/>. Needs <see cref="Hosting.EngineOptions"/>, logging, the interfaces
    /// of <c>Networks/Drivers</c> and <see cref="Storage.IDurableFiles"/>, which an implementation for the host's system registers.
    /// </summary>
    public static IServiceCollection AddEngineNetworks(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<INameServer, DnsServer>();
        services.TryAddSingleton<EngineNetworks>();
        services.TryAddSingleton<INetworks>(provider => provider.GetService<IEngineEvents>() is { } events
            ? new ToldNetworks(provider.GetRequiredService<EngineNetworks>(), events)
            : provider.GetRequiredService<EngineNetworks>());
        services.TryAddSingleton<IOverlayNetworks>(provider => provider.GetRequiredService<EngineNetworks>());
        services.TryAddSingleton<IIngress>(provider => provider.GetRequiredService<EngineNetworks>());
        services.TryAddSingleton<INetworkTeardown>(provider => provider.GetRequiredService<EngineNetworks>());
        return services;
    }
}
