using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Events;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Linux.Hosting;
using Portal.Engine.Logs;
using Portal.Engine.Networks;
using Portal.Engine.Snapshots;
using Portal.Engine.Stats;
using Portal.Engine.Volumes;
using Portal.Engine.Volumes.Backups;
using Portal.Engine.Volumes.Contents;
using Portal.Testing;
using Portal.Testing.Engine;

namespace Portal.Engine.Linux.Tests.Containers;

/// <summary>
/// The whole engine on the real kernel: overlayfs, bridge, conmon and runc or crun. Its one image is made of the host's
/// busybox without a registry, so that these tests are about containers alone.
/// </summary>
public sealed class KernelEngine : IAsyncDisposable
{
    private readonly FakeImages? _images;
    private ServiceProvider? _services;

    private readonly Func<EngineOptions, EngineOptions> _change;
    private readonly Action<IServiceCollection> _replace;

    private KernelEngine(
        TestInstance instance, bool withImages, Func<EngineOptions, EngineOptions>? change, Action<IServiceCollection>? replace)
    {
        _change = change ?? (options => options);
        _replace = replace ?? (_ => { });
        Instance = instance;
        _images = withImages ? null : new FakeImages();
    }

    public TestInstance Instance { get; }

    public IServiceProvider Services => _services!;

    public IImages Images => Services.GetRequiredService<IImages>();

    public IContainers Containers => Services.GetRequiredService<IContainers>();

    public IVolumes Volumes => Services.GetRequiredService<IVolumes>();

    public IVolumeContents VolumeContents => Services.GetRequiredService<IVolumeContents>();

    public IVolumeBackups VolumeBackups => Services.GetRequiredService<IVolumeBackups>();

    public IExecs Execs => Services.GetRequiredService<IExecs>();

    public IContainerLogs Logs => Services.GetRequiredService<IContainerLogs>();

    public IContainerStats Stats => Services.GetRequiredService<IContainerStats>();

    public IEngineEvents Events => Services.GetRequiredService<IEngineEvents>();

    /// <summary>True between <see cref="EndAsync"/> and <see cref="BeginAsync"/>.</summary>
    public bool IsEnded => _services is null;

    /// <summary>Starts an engine.</summary>
    /// <param name="instance">Where another engine was before; null for a new one.</param>
    /// <param name="withImages">True for the real image store, empty; false for busybox without one.</param>
    /// <param name="change">Changes its settings.</param>
    /// <param name="replace">Puts others in the place of its parts.</param>
    public static async Task<KernelEngine> StartAsync(
        TestInstance? instance = null, bool withImages = false, Func<EngineOptions, EngineOptions>? change = null,
        Action<IServiceCollection>? replace = null)
    {
        var engine = new KernelEngine(instance ?? new TestInstance(), withImages, change, replace);
        await Disposal.UnlessBegunAsync(engine.BeginAsync, () => engine.DisposeAsync().AsTask());
        return engine;
    }

    /// <summary>Stops the engine and starts the next one; containers run on.</summary>
    public async Task RestartAsync()
    {
        await EndAsync();
        await BeginAsync();
    }

    public async Task EndAsync()
    {
        if (_services is { } services)
        {
            _services = null;
            await services.DisposeAsync();
        }
    }

    public async Task BeginAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        if (_images is not null)
        {
            services.AddSingleton<IImages>(_images);
        }

        services.AddEngine(_change(new EngineOptions
        {
            Name = Instance.Name,
            DataRoot = Instance.DataRoot,
            RunRoot = Instance.RunRoot,
            Runtime = TestSettings.Runtime,
        }));
        services.AddLinuxEngine();
        _replace(services);
        _services = services.BuildServiceProvider();
        if (_images is not null)
        {
            await BusyboxLayer.InstallAsync(_images, _services.GetRequiredService<ISnapshotter>());
        }

        await _services.GetRequiredService<IEngine>().StartAsync();
    }

    /// <summary>Makes and starts a container of busybox that runs a shell script.</summary>
    public async Task<string> RunAsync(string script, Func<ContainerSpec, ContainerSpec>? change = null)
    {
        var spec = new ContainerSpec { Image = "busybox", Command = ["sh", "-c", script] };
        var created = await Containers.CreateAsync(change is null ? spec : change(spec));
        await Containers.StartAsync(created.Id);
        return created.Id;
    }

    /// <summary>All of its log.</summary>
    public async Task<string> LogAsync(string container, LogQuery? query = null)
    {
        var text = new StringBuilder();
        await foreach (var record in Logs.ReadAsync(container, query ?? new LogQuery()))
        {
            text.Append(Encoding.UTF8.GetString(record.Data.Span));
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // None when it did not even begin.
            if (_services is not null)
            {
                await RemoveAllAsync();
            }
        }
        finally
        {
            await Disposal.AllAsync(_services, Instance);
        }
    }

    private async Task RemoveAllAsync()
    {
        foreach (var container in await Containers.ListAsync())
        {
            await Containers.RemoveAsync(container.Id, force: true, removeVolumes: true);
        }

        await Services.GetRequiredService<INetworkTeardown>().RemoveAllAsync();
    }
}
