using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Portal.Grpc.Tests.Hosting;

/// <summary>A real server on a loopback port of its own, with a channel to it.</summary>
internal sealed class GrpcTestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private GrpcTestServer(WebApplication app, string address)
    {
        _app = app;
        Address = address;
        Channel = GrpcChannel.ForAddress(address);
        Client = new Echo.V1.Echo.EchoClient(Channel);
    }

    public string Address { get; }

    public GrpcChannel Channel { get; }

    public Echo.V1.Echo.EchoClient Client { get; }

    public CancellationLog Cancellations => _app.Services.GetRequiredService<CancellationLog>();

    public static Task<GrpcTestServer> StartAsync(
        Action<GrpcServiceOptions>? options = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null) => StartAsync<EchoService>(options, services, map);

    public static async Task<GrpcTestServer> StartAsync<TService>(
        Action<GrpcServiceOptions>? options = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null)
        where TService : class
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.Http2.MaxStreamsPerConnection = 200;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddGrpc(options ?? (_ => { }));
        builder.Services.AddSingleton<CancellationLog>();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        (map ?? (a => a.MapGrpcService<TService>()))(app);
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return new GrpcTestServer(app, addresses.Addresses.Single());
    }

    public Echo.V1.Echo.EchoClient CreateClient(GrpcChannelOptions options) =>
        new(GrpcChannel.ForAddress(Address, options));

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
