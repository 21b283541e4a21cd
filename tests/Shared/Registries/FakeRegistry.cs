using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Portal.Testing.Registries;

/// <summary>A server on a loopback port that answers as a test tells it: for what no honest registry does.</summary>
public sealed class FakeRegistry : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<string> _requests = [];

    private FakeRegistry(WebApplication application)
    {
        _application = application;
    }

    /// <summary><c>127.0.0.1:PORT</c>.</summary>
    public string Host => new Uri(_application.Urls.First()).Authority;

    /// <summary>Method, path, <c>Authorization</c> and <c>Range</c> of each request, in order.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Starts a server whose every request goes to the handler; over TLS when there is a certificate.</summary>
    public static async Task<FakeRegistry> StartAsync(Func<HttpContext, Task> handler, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var application = builder.Build();
        var registry = new FakeRegistry(application);
        application.Run(async context =>
        {
            var request = context.Request;
            lock (registry._requests)
            {
                registry._requests.Add($"{request.Method} {request.Path} {request.Headers.Authorization} {request.Headers.Range}".TrimEnd());
            }

            await handler(context);
        });
        await application.StartAsync();
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }
}
