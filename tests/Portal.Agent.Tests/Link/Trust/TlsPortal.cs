using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Contracts.Link;

namespace Portal.Agent.Tests.Link.Trust;

/// <summary>A proxy before a portal, as an agent meets it: TLS with a certificate that can be replaced, and a portal that names itself.</summary>
internal sealed class TlsPortal : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _asked;

    private TlsPortal(WebApplication app) => _app = app;

    /// <summary>Who answers.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>What new connections are shown, with its chain.</summary>
    public required X509Certificate2Collection Shown { get; set; }

    /// <summary>How many requests came through TLS.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>By the name that certificates are for here.</summary>
    public Uri Url => new($"https://localhost:{Port}");

    /// <summary>By another one.</summary>
    public Uri ByAddress => new($"https://127.0.0.1:{Port}");

    private int Port =>
        new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    public static async Task<TlsPortal> StartAsync(params X509Certificate2[] shown)
    {
        TlsPortal? portal = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificateSelector = (_, _) => portal!.Shown[0];
            https.OnAuthenticate = (_, options) =>
            {
                options.ServerCertificateContext = System.Net.Security.SslStreamCertificateContext.Create(
                    portal!.Shown[0], [.. portal.Shown.Skip(1)], offline: true);
                options.ServerCertificateSelectionCallback = null;
            };
        })));
        var app = builder.Build();
        portal = new TlsPortal(app) { Shown = [.. shown] };
        app.MapPost(LinkProtocol.ChallengePath, () =>
        {
            Interlocked.Increment(ref portal._asked);
            return Results.Json(new Challenge("nonce") { Portal = portal.Id });
        });
        app.MapPost(LinkProtocol.JoinPath, () =>
        {
            Interlocked.Increment(ref portal._asked);
            return Results.Json(new JoinResponse(Guid.NewGuid(), "taken"));
        });
        await app.StartAsync();
        return portal;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
