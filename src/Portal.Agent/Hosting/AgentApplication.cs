using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portal.Agent.Consoles;
using Portal.Agent.Link;
using Portal.Agent.Link.Keys;
using Portal.Agent.Link.Portals;
using Portal.Agent.Memory;
using Portal.Agent.Metrics;
using Portal.Agent.Policies;
using Portal.Agent.Services;
using Portal.Agent.Services.Logs;
using Portal.Agent.Services.Builds;
using Portal.Agent.Services.Disk;
using Portal.Agent.Services.Docker;
using Portal.Agent.Services.Files;
using Portal.Agent.Services.Networks;
using Portal.Agent.Services.Stacks;
using Portal.Agent.Services.Volumes;
using Portal.Agent.Telemetry;
using Portal.Agent.Upgrades;
using Portal.Engine.Api.Calls;
using Portal.Engine.Api.Hosting;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Hosting;

namespace Portal.Agent.Hosting;

/// <summary>
/// The agent's composition: engine, Docker API on its Unix socket, gRPC services on the reverse link, telemetry. Tests start it with parts
/// of their own in place of some.
/// </summary>
internal static class AgentApplication
{
    private const int MaximumStreams = 10_000;
    private static readonly TimeSpan s_shutdownTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pingDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_pingTimeout = TimeSpan.FromSeconds(5);

    // Not infinite: Kestrel adds an infinite time to its clock, which overflows, and closes an idle connection within a second.
    private static readonly TimeSpan s_idle = TimeSpan.FromDays(3650);

    /// <summary>Builds the host. The caller holds the <see cref="AgentLock"/>.</summary>
    /// <param name="settings">Where and how.</param>
    /// <param name="overrides">Parts that stand in for the usual ones: applied first, as all others are added only where none is.</param>
    public static IHost Build(AgentSettings settings, Action<IServiceCollection>? overrides = null)
    {
        var paths = settings.Paths;
        Directory.CreateDirectory(paths.Run);
        return new HostBuilder()
            .ConfigureLogging(logging => logging
                .SetMinimumLevel(settings.LogLevel)
                .AddSimpleConsole(console => console.SingleLine = true)
                .AddFilter("Microsoft", LogLevel.Warning))
            .ConfigureServices(services =>
            {
                overrides?.Invoke(services);
                services.AddHostedService<EngineHosting>();
                AddAgent(services, settings, paths);
            })
            .ConfigureWebHost(web => web
                .UseKestrelCore()
                .ConfigureServices(services => services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>, BlockPoolFactory>()))
                .ConfigureKestrel(kestrel => Listen(kestrel, settings))
                .Configure(MapListeners))
            .Build();
    }

    private static void AddAgent(IServiceCollection services, AgentSettings settings, AgentPaths paths)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(paths);
        services.AddEngine(settings.ToEngineOptions());
        services.AddLinuxEngine();
        services.AddDockerApi();
        services.AddPolicies();
        services.AddHostedService<IdleCollection>();
        services.AddHostedService(provider => AgentReport.Make(provider, paths));
        services.Configure<HostOptions>(host => host.ShutdownTimeout = s_shutdownTimeout);
        AddLink(services, paths);
        AddServices(services);
        services.TryAddSingleton(provider =>
            new OverlayAddress(settings.NodeAddress, provider.GetRequiredService<IdentityStore>()));
        AddTelemetry(services);
        if (settings.Otlp is { } otlp)
        {
            services.AddHostedService(provider => ActivatorUtilities.CreateInstance<MetricsExport>(provider, otlp, paths.InstanceName));
        }
    }

    private static void AddLink(IServiceCollection services, AgentPaths paths)
    {
        services.TryAddSingleton(_ => new IdentityStore(paths.Identity));
        services.TryAddSingleton<IdentityWatch>();
        services.TryAddSingleton(_ => new LinkStatus(paths.Status));
        services.TryAddSingleton<KeyRotation>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyRotation>());
        services.TryAddSingleton(provider => AgentUpgrade.Make(provider, LaunchedVersion.FromEnvironment()));
        services.AddHostedService<UpgradeTrial>();
        services.TryAddSingleton<ReverseConnections>();
        services.AddSingleton<IConnectionListenerFactory, ReverseListenerFactory>();
    }

    private static void AddServices(IServiceCollection services)
    {
        services.TryAddSingleton<NodeDescription>();
        services.TryAddSingleton<LogDownload>();
        services.TryAddSingleton<LogPages>();
        services.TryAddSingleton<DiskUsage>();
        services.TryAddSingleton<SystemGrpcService>();
        services.TryAddSingleton<ContainerGrpcService>();
        services.TryAddSingleton<ImageGrpcService>();
        services.TryAddSingleton<BuildGrpcService>();
        services.TryAddSingleton<StorageGrpcService>();
        services.TryAddSingleton<NetworkGrpcService>();
        services.TryAddSingleton<OverlayGrpcService>();
        services.TryAddSingleton<FileGrpcService>();
        services.TryAddSingleton<VolumeGrpcService>();
        services.TryAddSingleton<VolumeFileGrpcService>();
        services.TryAddSingleton<RegistryGrpcService>();
        services.TryAddSingleton<ConsoleStarter>();
        services.TryAddSingleton<ConsoleRecordings>();
        services.TryAddSingleton<ShellFinder>();
        services.TryAddSingleton<ConsoleSessions>();
        services.AddHostedService(provider => provider.GetRequiredService<ConsoleSessions>());
        services.TryAddSingleton<ConsoleGrpcService>();
        services.TryAddSingleton<DockerGrpcService>();
        services.TryAddSingleton<StackTrees>();
        services.TryAddSingleton<StackFileGrpcService>();
        services.TryAddSingleton<EngineErrorInterceptor>();
        services.TryAddSingleton<PermissionInterceptor>();
        services.AddGrpc(options =>
        {
            options.Interceptors.Add<EngineErrorInterceptor>();
            options.Interceptors.Add<PermissionInterceptor>();
            options.Interceptors.Add<PolicyInterceptor>();
        });
    }

    private static void AddTelemetry(IServiceCollection services)
    {
        services.TryAddSingleton<TelemetrySources>();
        services.TryAddSingleton<AgentMetrics>();
        services.AddHostedService<PortalLinks>();
    }

    private static void Listen(KestrelServerOptions kestrel, AgentSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaximumStreams;
        kestrel.Limits.Http2.KeepAlivePingDelay = s_pingDelay;
        kestrel.Limits.Http2.KeepAlivePingTimeout = s_pingTimeout;

        // A portal that looks on is quiet: a console without a key pressed, a log without a line. Uploads are bounded where they are read.
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.KeepAliveTimeout = s_idle;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Listen(new ReverseEndPoint(), listen => listen.Protocols = HttpProtocols.Http2);
        kestrel.ListenDockerSocket(settings.Paths.DockerSocket);
        if (settings.DockerTcp is { } tcp)
        {
            kestrel.ListenDockerTcp(tcp);
        }

        if (settings.Metrics is { } metrics)
        {
            kestrel.ListenMetrics(metrics);
        }
    }

    /// <summary>
    /// Three applications in one server: what came over the reverse link reaches the gRPC services and nothing else, what came by the listener
    /// of metrics reaches those, what came by the socket reaches Docker's API and nothing else. Each has routes of its own.
    /// One of the services passes requests on to Docker's API.
    /// </summary>
    private static void MapListeners(IApplicationBuilder app)
    {
        app.MapWhen(
            context => context.Features.Get<IReverseLinkFeature>() is not null,
            link => link.UseRouting().UseEndpoints(endpoints =>
            {
                endpoints.MapGrpcService<SystemGrpcService>();
                endpoints.MapGrpcService<ContainerGrpcService>();
                endpoints.MapGrpcService<ImageGrpcService>();
                endpoints.MapGrpcService<BuildGrpcService>();
                endpoints.MapGrpcService<StorageGrpcService>();
                endpoints.MapGrpcService<NetworkGrpcService>();
                endpoints.MapGrpcService<OverlayGrpcService>();
                endpoints.MapGrpcService<FileGrpcService>();
                endpoints.MapGrpcService<VolumeGrpcService>();
                endpoints.MapGrpcService<VolumeFileGrpcService>();
                endpoints.MapGrpcService<RegistryGrpcService>();
                endpoints.MapGrpcService<ConsoleGrpcService>();
                endpoints.MapGrpcService<DockerGrpcService>();
                endpoints.MapGrpcService<StackFileGrpcService>();
                endpoints.MapGrpcService<PolicyGrpcService>();
            }));
        app.UseMetrics();

        // Docker's routes serve what a service has let through for the portal, too.
        var docker = app.New().UseRouting().UseEndpoints(endpoints => endpoints.MapDockerApi()).Build();
        app.ApplicationServices.GetRequiredService<DockerCalls>().Serve(docker);
        app.Run(docker);
    }
}
