using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Events;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Logs;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Ingress;
using Portal.Engine.Runtime;
using Portal.Engine.Snapshots;
using Portal.Engine.Stats;
using Portal.Engine.Storage;
using Portal.Engine.Volumes.Drivers;

namespace Portal.Testing.Engine;

/// <summary>
/// The engine's real core on fakes of all below it. <see cref="RestartAsync"/> replaces the engine by a new one on the same
/// folders and the same "kernel".
/// </summary>
public sealed class FakeEngine : IAsyncDisposable
{
    private readonly Action<IServiceCollection> _configure;
    private ServiceProvider? _services;

    private FakeEngine(string root, Action<IServiceCollection>? configure)
    {
        Root = root;
        _configure = configure ?? (_ => { });
        Runtime = new FakeRuntime(Time);
        Stats = new FakeStatsReader(Time);
    }

    public string Root { get; }

    public string DataRoot => Path.Combine(Root, "data");

    public FakeTimeProvider Time { get; } = new();

    public FakeRuntime Runtime { get; }

    public FakeNetworks Networks { get; } = new();

    public FakeIngress Ingress { get; } = new();

    public FakeSnapshotter Snapshotter { get; } = new();

    public FakeImages Images { get; } = new();

    public FakeHostProcesses Processes { get; } = new();

    public FakeStatsReader Stats { get; }

    public PlainDurableFiles Files { get; } = new();

    public IServiceProvider Services => _services ?? throw new InvalidOperationException("The engine does not run.");

    public IContainers Containers => Services.GetRequiredService<IContainers>();

    public IExecs Execs => Services.GetRequiredService<IExecs>();

    public IContainerLogs Logs => Services.GetRequiredService<IContainerLogs>();

    public IContainerStats ContainerStats => Services.GetRequiredService<IContainerStats>();

    public IEngineEvents Events => Services.GetRequiredService<IEngineEvents>();

    /// <summary>Makes an engine and starts it.</summary>
    /// <param name="configure">Parts that the test brings, besides the fakes.</param>
    public static async Task<FakeEngine> StartAsync(Action<IServiceCollection>? configure = null)
    {
        var root = Directory.CreateTempSubdirectory("portal-fake-").FullName;
        var engine = new FakeEngine(root, configure);
        await engine.BeginAsync();
        return engine;
    }

    /// <summary>Stops the engine in order and starts the next one.</summary>
    public async Task RestartAsync()
    {
        await EndAsync();
        await BeginAsync();
    }

    /// <summary>Stops the engine.</summary>
    public async Task EndAsync()
    {
        if (_services is { } services)
        {
            _services = null;
            await services.DisposeAsync();
        }
    }

    /// <summary>Starts an engine after <see cref="EndAsync"/>.</summary>
    public async Task BeginAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IContainerRuntime>(Runtime);
        services.AddSingleton<INetworks>(Networks);
        services.AddSingleton<IIngress>(Ingress);
        services.AddSingleton<ISnapshotter>(Snapshotter);
        services.AddSingleton<ILayerMaintenance>(Snapshotter);
        services.AddSingleton<IImages>(Images);
        services.AddSingleton<IImageCollector>(Images);
        services.AddSingleton<IHostProcesses>(Processes);
        services.AddSingleton<IStatsReader>(Stats);
        services.AddSingleton<IDurableFiles>(Files);
        services.AddSingleton<IFolderWatcher, PollingFolderWatcher>();
        services.AddSingleton<IVolumeFiles, PlainVolumeFiles>();
        services.AddSingleton<IVolumeMounter, NoVolumeMounter>();
        services.AddSingleton<IVolumePlacing, NoVolumePlacing>();
        _configure(services);
        services.AddEngine(new EngineOptions { Name = "fake", DataRoot = DataRoot, RunRoot = Path.Combine(Root, "run") });
        _services = services.BuildServiceProvider();
        await _services.GetRequiredService<IEngine>().StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        Directory.Delete(Root, recursive: true);
    }
}
