using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Portal.Simulation.Link;

/// <summary>What the portal calls on nodes: the ping of the link, and the lists that its pages ask for.</summary>
internal static class ReverseServer
{
    // As the agent's.
    private static readonly TimeSpan s_idle = TimeSpan.FromDays(3650);

    public static IHost Build(ReverseQueue queue) => new HostBuilder()
        .ConfigureServices(services =>
        {
            services.AddSingleton<IConnectionListenerFactory>(queue);
            services.AddSingleton<SimulatedSystem>();
            services.AddSingleton<SimulatedImages>();
            services.AddSingleton<SimulatedVolumes>();
            services.AddSingleton<SimulatedNetworks>();
            services.AddGrpc();
        })
        .ConfigureWebHost(web => web
            .UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Limits.KeepAliveTimeout = s_idle;
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MinResponseDataRate = null;
                kestrel.Listen(new IPEndPoint(IPAddress.Loopback, 0), listen => listen.Protocols = HttpProtocols.Http2);
            })
            .Configure(app => app
                .Use(next => context =>
                {
                    context.Features.Get<CalledFeature>()?.Called();
                    return next(context);
                })
                .UseRouting()
                .UseEndpoints(endpoints =>
                {
                    endpoints.MapGrpcService<SimulatedSystem>();
                    endpoints.MapGrpcService<SimulatedImages>();
                    endpoints.MapGrpcService<SimulatedVolumes>();
                    endpoints.MapGrpcService<SimulatedNetworks>();
                })))
        .Build();
}
