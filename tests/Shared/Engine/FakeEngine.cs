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
using Portal.Testing.Survival;

namespace Portal.Testing.Engine;

/// <summary>
/// The engine's real core on fakes of all below it. <see cref="RestartAsync"/> replaces the engine by a new one on the same
/// folders and the same "kernel".
/// </summary>
public sealed class FakeEngine : IAsyncDisposable
{
    private readonly Action<IServiceCollection> _configure;
    private readonly List<KillSwitch> _switches = [];
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

    /// <summary>Kills the engine that runs; null when it was begun by <see cref="BeginAsync"/>.</summary>
    public KillSwitch? Kill { get; private set; }

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
        Kill = null;
        await Build(AddParts).GetRequiredService<IEngine>().StartAsync();
    }

    /// <summary>Starts an engine after another one, which can be killed.</summary>
    /// <param name="calls">After how many calls to anything outside it dies; null for as long as nobody tells it to.</param>
    /// <returns>False when it died before it served.</returns>
    public async Task<bool> BeginKillableAsync(int? calls = null)
    {
        var kill = new KillSwitch();
        _switches.Add(kill);
        Kill = kill;
        if (calls is { } count)
        {
            kill.Arm(count);
        }

        var services = Build(collection => AddKillableParts(collection, kill), collection => MakeEventsKillable(collection, kill));

        // In another thread: it may wait for good in the first call.
        var start = Task.Run(() => services.GetRequiredService<IEngine>().StartAsync());
        await await Task.WhenAny(start, kill.Killed);
        return !kill.Killed.IsCompleted;
    }

    /// <summary>Kills the engine, which then is not there any more; what is in the "kernel" and on the disk stays.</summary>
    public void KillNow()
    {
        Kill!.Kill();

        // Not disposed: that would let it finish what it is at.
        _services = null;
    }

    private ServiceProvider Build(Action<IServiceCollection> addParts, Action<IServiceCollection>? change = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        addParts(services);
        services.AddSingleton<IIngress>(Ingress);
        services.AddSingleton<IImages>(Images);
        services.AddSingleton<IImageCollector>(Images);
        services.AddSingleton<IHostProcesses>(Processes);
        services.AddSingleton<IStatsReader>(Stats);
        services.AddSingleton<IFolderWatcher, PollingFolderWatcher>();
        services.AddSingleton<IVolumeFiles, PlainVolumeFiles>();
        services.AddSingleton<IVolumeMounter, NoVolumeMounter>();
        services.AddSingleton<IVolumePlacing, NoVolumePlacing>();
        _configure(services);
        services.AddEngine(new EngineOptions { Name = "fake", DataRoot = DataRoot, RunRoot = Path.Combine(Root, "run") });
        change?.Invoke(services);
        return _services = services.BuildServiceProvider();
    }

    private void AddParts(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IContainerRuntime>(Runtime);
        services.AddSingleton<INetworks>(Networks);
        services.AddSingleton<ISnapshotter>(Snapshotter);
        services.AddSingleton<ILayerMaintenance>(Snapshotter);
        services.AddSingleton<IDurableFiles>(Files);
    }

    private void AddKillableParts(IServiceCollection services, KillSwitch kill)
    {
        services.AddSingleton<TimeProvider>(new KillableTime(Time, kill));
        services.AddSingleton(KillableCalls<IContainerRuntime>.Of(Runtime, kill));
        services.AddSingleton(KillableCalls<INetworks>.Of(Networks, kill));
        services.AddSingleton(KillableCalls<ISnapshotter>.Of(Snapshotter, kill));
        services.AddSingleton(KillableCalls<ILayerMaintenance>.Of(Snapshotter, kill));
        services.AddSingleton<IDurableFiles>(new KillableFiles(Files, kill));
    }

    /// <summary>An engine also dies before it tells of something.</summary>
    private static void MakeEventsKillable(IServiceCollection services, KillSwitch kill)
    {
        var events = services.Single(service => service.ServiceType == typeof(IEngineEvents)).ImplementationType!;
        services.AddSingleton(
            provider => KillableCalls<IEngineEvents>.Of((IEngineEvents)ActivatorUtilities.CreateInstance(provider, events), kill));
    }

    private bool TryDelete()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            return !Directory.Exists(Root);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();

        // What a killed engine was at when it died may still be done.
        await Eventually.HoldsAsync(TryDelete, "nothing is left of the engine");
        _switches.ForEach(kill => kill.Dispose());
    }
}
