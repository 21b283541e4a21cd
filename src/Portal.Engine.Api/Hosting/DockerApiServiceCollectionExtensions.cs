using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Portal.Engine.Api.Builds;
using Portal.Engine.Api.Calls;
using Portal.Engine.Api.Containers;
using Portal.Engine.Api.Execs;
using Portal.Engine.Api.Images;
using Portal.Engine.Api.Networks;
using Portal.Engine.Api.Registries;
using Portal.Engine.Api.Routing;
using Portal.Engine.Api.System;
using Portal.Engine.Api.Volumes;

namespace Portal.Engine.Api.Hosting;

/// <summary>Registers Docker's API.</summary>
public static class DockerApiServiceCollectionExtensions
{
    /// <summary>
    /// Adds the handlers of Docker's API over the engine's facades, which the caller adds (<c>AddEngine</c>), together with routing.
    /// Then map the routes (<see cref="DockerApiEndpointRouteBuilderExtensions.MapDockerApi"/>) and listen
    /// (<see cref="DockerSocketKestrelExtensions.ListenDockerSocket"/>).
    /// </summary>
    public static IServiceCollection AddDockerApi(this IServiceCollection services)
    {
        services.AddRoutingCore();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<DockerSockets>();
        services.AddSingleton<IPostConfigureOptions<SocketTransportOptions>>(
            provider => provider.GetRequiredService<DockerSockets>());

        // A host with a transport of its own registers that first, and the server then adds no sockets by itself.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConnectionListenerFactory, SocketTransportFactory>());
        services.TryAddSingleton<DockerRequestPipeline>();
        services.TryAddSingleton<DockerCalls>();
        AddHandlers(services);
        services.TryAddEnumerable([
            ServiceDescriptor.Singleton<IDockerRoutes, SystemRoutes>(),
            ServiceDescriptor.Singleton<IDockerRoutes, ContainerRoutes>(),
            ServiceDescriptor.Singleton<IDockerRoutes, ExecRoutes>(),
            ServiceDescriptor.Singleton<IDockerRoutes, ImageRoutes>(),
            ServiceDescriptor.Singleton<IDockerRoutes, BuildRoutes>(),
            ServiceDescriptor.Singleton<IDockerRoutes, RegistryRoutes>(),
            ServiceDescriptor.Singleton<IDockerRoutes, NetworkRoutes>(),
            ServiceDescriptor.Singleton<IDockerRoutes, VolumeRoutes>(),
            ServiceDescriptor.Singleton<IDockerRoutes, AbsentRoutes>(),
        ]);
        return services;
    }

    private static void AddHandlers(IServiceCollection services)
    {
        services.TryAddSingleton<SystemHandlers>();
        services.TryAddSingleton<EventsHandler>();
        services.TryAddSingleton<DiskUsageHandler>();
        services.TryAddSingleton<StoreCheckHandler>();
        services.TryAddSingleton<ContainerListHandlers>();
        services.TryAddSingleton<ContainerCreateHandler>();
        services.TryAddSingleton<ContainerStateHandlers>();
        services.TryAddSingleton<ContainerUpdateHandler>();
        services.TryAddSingleton<ContainerWaitHandler>();
        services.TryAddSingleton<ContainerAttachHandlers>();
        services.TryAddSingleton<ContainerLogsHandler>();
        services.TryAddSingleton<ContainerStatsHandler>();
        services.TryAddSingleton<ContainerProcessHandlers>();
        services.TryAddSingleton<ContainerTreeHandlers>();
        services.TryAddSingleton<ContainerArchiveHandlers>();
        services.TryAddSingleton<CommitHandler>();
        services.TryAddSingleton<ExecAttachments>();
        services.TryAddSingleton<ExecHandlers>();
        services.TryAddSingleton<ImageHandlers>();
        services.TryAddSingleton<ImagePullHandler>();
        services.TryAddSingleton<ImageLoadHandler>();
        services.TryAddSingleton<ImageSaveHandler>();
        services.TryAddSingleton<ImagePushHandler>();
        services.TryAddSingleton<ImageImportHandler>();
        services.TryAddSingleton<ImagePruneHandler>();
        services.TryAddSingleton<BuildHandler>();
        services.TryAddSingleton<BuildPruneHandler>();
        services.TryAddSingleton<LoginHandler>();
        services.TryAddSingleton<RegistryQueryHandlers>();
        services.TryAddSingleton<NetworkHandlers>();
        services.TryAddSingleton<VolumeHandlers>();
        services.TryAddSingleton<VolumeTransferHandlers>();
    }
}
