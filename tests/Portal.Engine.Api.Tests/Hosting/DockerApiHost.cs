using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portal.Engine.Api.Hosting;
using Portal.Engine.Api.Tests.Fakes;
using Portal.Engine.Builds;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Committing;
using Portal.Engine.Containers.Networking;
using Portal.Engine.Containers.Processes;
using Portal.Engine.Containers.Sizes;
using Portal.Engine.Containers.Updates;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Queries;
using Portal.Engine.Events;
using Portal.Engine.Hosting;
using Portal.Engine.Hosts;
using Portal.Engine.Images;
using Portal.Engine.Images.Checking;
using Portal.Engine.Images.Importing;
using Portal.Engine.Images.Saving;
using Portal.Engine.Images.Space;
using Portal.Engine.Logs;
using Portal.Engine.Networks;
using Portal.Engine.Stats;
using Portal.Engine.Trees;
using Portal.Engine.Volumes;
using Portal.Engine.Volumes.Backups;
using Portal.Testing;

namespace Portal.Engine.Api.Tests.Hosting;

/// <summary>The API over fakes on a real socket.</summary>
internal sealed class DockerApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private DockerApiHost(WebApplication app, string folder)
    {
        _app = app;
        _folder = folder;
        Client = new HttpClient(new SocketsHttpHandler { ConnectCallback = async (_, token) => new NetworkStream(await ConnectAsync(token), true) })
        {
            BaseAddress = new Uri("http://docker"),
            Timeout = TestSettings.Within(TimeSpan.FromSeconds(20)),
        };
    }

    public FakeContainers Containers => (FakeContainers)Services.GetRequiredService<IContainers>();

    public FakeContainerSizes Sizes => (FakeContainerSizes)Services.GetRequiredService<IContainerSizes>();

    public FakeExecs Execs => (FakeExecs)Services.GetRequiredService<IExecs>();

    public FakeImages Images => (FakeImages)Services.GetRequiredService<IImages>();

    public FakeRegistries Registries => (FakeRegistries)Services.GetRequiredService<IRegistries>();

    public FakeRegistryQueries Queries => (FakeRegistryQueries)Services.GetRequiredService<IRegistryQueries>();

    public FakeBuilder Builder => (FakeBuilder)Services.GetRequiredService<IBuilder>();

    public FakeEngine Engine => (FakeEngine)Services.GetRequiredService<IHostFacts>();

    public IServiceProvider Services => _app.Services;

    public string SocketPath => Path.Combine(_folder, "docker.sock");

    public HttpClient Client { get; }

    public static async Task<DockerApiHost> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pt-api-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var engine = new FakeEngine();
        builder.Services
            .AddSingleton<IContainers>(new FakeContainers())
            .AddSingleton(provider => (IContainerUpdates)provider.GetRequiredService<IContainers>())
            .AddSingleton(provider => (IContainerProcesses)provider.GetRequiredService<IContainers>())
            .AddSingleton<IContainerSizes>(new FakeContainerSizes())
            .AddSingleton<IExecs>(new FakeExecs())
            .AddSingleton<IImages>(new FakeImages())
            .AddSingleton<IImageArchives>(new FakeArchives())
            .AddSingleton<IVolumes>(new FakeVolumes())
            .AddSingleton<IVolumeBackups>(new FakeVolumeBackups())
            .AddSingleton<IRegistries>(new FakeRegistries())
            .AddSingleton<IRegistryQueries>(new FakeRegistryQueries())
            .AddSingleton<IImageImports>(new FakeImports())
            .AddSingleton<IContainerNetworks>(new FakeConnections())
            .AddSingleton<IImageSpace>(new FakeImageSpace())
            .AddSingleton<IStoreCheck>(new FakeStoreCheck())
            .AddSingleton<IContainerTrees>(new FakeTrees())
            .AddSingleton<IContainerCommits>(new FakeCommits())
            .AddSingleton<IBuilder>(new FakeBuilder())
            .AddSingleton<IContainerLogs>(engine)
            .AddSingleton<IContainerStats>(engine)
            .AddSingleton<IEngineEvents>(engine)
            .AddSingleton<INetworks>(engine)
            .AddSingleton<INetworkDirectory, NetworkDirectory>()
            .AddSingleton<IHostFacts>(engine)
            .AddSingleton(new EngineOptions { Name = "pt", DataRoot = folder, RunRoot = folder })
            .AddDockerApi();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenDockerSocket(Path.Combine(folder, "docker.sock")));
        var app = builder.Build();
        app.MapDockerApi();
        await app.StartAsync();
        return new DockerApiHost(app, folder);
    }

    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken = default)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), cancellationToken);
        return socket;
    }

    /// <summary>Sends a request's head as it is given, lines separated by a vertical bar, and what follows it.</summary>
    public async Task<Socket> SendAsync(string head, string body = "")
    {
        var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(head.Replace("|", "\r\n") + "\r\nHost: docker\r\n\r\n" + body));
        return socket;
    }

    public async Task<JsonNode> GetJsonAsync(string path)
    {
        var text = await Client.GetStringAsync(new Uri(path, UriKind.Relative));
        return JsonNode.Parse(text)!;
    }

    public Task<HttpResponseMessage> PostAsync(string path, string? json = null)
    {
        var content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return Client.PostAsync(new Uri(path, UriKind.Relative), content);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using (var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(2)))
        {
            await _app.StopAsync(hurry.Token);
        }

        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
