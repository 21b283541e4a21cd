using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Engine.Api.Hosting;
using Portal.Engine.Api.Tests.Hosting;
using Portal.Engine.Containers;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Linux.Hosting;
using Portal.Testing;

namespace Portal.Engine.Api.Tests.Cli;

/// <summary>A real engine with Docker's API on a socket of its own, and the stock CLI beside it.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);
    private WebApplication? _app;

    internal DockerCli Docker { get; private set; } = null!;

    internal TestInstance Instance { get; private set; } = null!;

    internal TestCertificates Certificates { get; private set; } = null!;

    /// <summary>Where the API is offered over TLS too, on loopback.</summary>
    internal int TlsPort { get; private set; }

    public async Task InitializeAsync()
    {
        Instance = new TestInstance();
        var socket = Path.Combine(Instance.RunRoot, "docker.sock");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services
            .AddEngine(new EngineOptions
            {
                Name = Instance.Name,
                DataRoot = Instance.DataRoot,
                RunRoot = Instance.RunRoot,
                Runtime = TestSettings.Runtime,
                CdiFolders = [Instance.TempPath("cdi")],
            })
            .AddLinuxEngine()
            .AddDockerApi();
        Certificates = new TestCertificates(Instance.TempPath("tls"));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenDockerSocket(socket).ListenDockerTcp(new DockerTcpOptions
        {
            EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
            AuthorityFile = Certificates.CertificateOf("ca"),
            CertificateFile = Certificates.CertificateOf("server"),
            KeyFile = Certificates.KeyOf("server"),
        }));
        _app = builder.Build();
        _app.MapDockerApi();
        await _app.Services.GetRequiredService<IEngine>().StartAsync();
        await _app.Services.GetRequiredService<IImages>().CreateFromHostBusyboxAsync();
        await _app.StartAsync();
        TlsPort = _app.Urls.Select(url => new Uri(url)).Single(url => url.Scheme == Uri.UriSchemeHttps).Port;
        Docker = new DockerCli(socket, Directory.CreateDirectory(Instance.TempPath("cli")).FullName);
    }

    public async Task DisposeAsync()
    {
        try
        {
            // None when it did not even begin.
            if (_app is not null)
            {
                await EndAsync(_app);
            }
        }
        finally
        {
            await Disposal.AllAsync(_app, Instance);
        }
    }

    private static async Task EndAsync(WebApplication app)
    {
        var containers = app.Services.GetRequiredService<IContainers>();
        foreach (var container in await containers.ListAsync())
        {
            await containers.RemoveAsync(container.Id, force: true);
        }

        using (var hurry = new CancellationTokenSource(s_grace))
        {
            await app.StopAsync(hurry.Token);
        }

        await app.Services.GetRequiredService<IEngine>().StopAsync();
    }
}
