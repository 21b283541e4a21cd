using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Networks;
using Portal.Engine.Linux.Storage;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Orchestration;
using Portal.Engine.Networks.Drivers;

namespace Portal.Engine.Linux.Tests.Networks;

/// <summary>One engine instance's networks on the real kernel, under a name of its own. Removes all that it made.</summary>
internal sealed class NetworksHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-networks-");
    private ServiceProvider _services;

    private NetworksHost()
    {
        Options = new EngineOptions
        {
            Name = "t" + Random.Shared.Next(0x1000000).ToString("x6"),
            DataRoot = Path.Combine(_folder.FullName, "data"),
            RunRoot = Path.Combine(_folder.FullName, "run"),
        };
        _services = Build();
    }

    public EngineOptions Options { get; }

    public string Bridge => Options.Name + "0";

    public INetworks Networks => _services.GetRequiredService<INetworks>();

    public INetworkFirewall Firewall => _services.GetRequiredService<INetworkFirewall>();

    public INetworkNamespaces Namespaces => _services.GetRequiredService<INetworkNamespaces>();

    public static async Task<NetworksHost> StartAsync(params string[] running)
    {
        var host = new NetworksHost();
        try
        {
            await host.Networks.ReconcileAsync(running.ToHashSet());
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the engine as a crash does, and starts it again: only the kernel and the files remain.</summary>
    public async Task RestartAsync(params string[] running)
    {
        await StopAsync();
        _services = Build();
        await Networks.ReconcileAsync(running.ToHashSet());
    }

    /// <summary>Ends the engine; what it made stays.</summary>
    public async Task StopAsync() => await _services.DisposeAsync();

    public Task<NetworkSandbox> AttachAsync(string id, params PortBinding[] ports)
    {
        return Networks.AttachAsync(new NetworkAttachment { ContainerId = id, ContainerName = "name-" + id, Ports = ports });
    }

    public Task<NetworkSandbox> AttachToAsync(string network, string id, params PortBinding[] ports)
    {
        return Networks.AttachAsync(
            new NetworkAttachment { ContainerId = id, ContainerName = id, Mode = network, Ports = ports });
    }

    public async ValueTask DisposeAsync()
    {
        await _services.GetRequiredService<INetworkTeardown>().RemoveAllAsync();
        await _services.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private ServiceProvider Build()
    {
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton(Options)
            .AddLinuxStorage()
            .AddLinuxNetworks()
            .AddEngineNetworks()
            .BuildServiceProvider();
    }
}
