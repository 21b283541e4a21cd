using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Distribution;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Linux.Compression;
using Portal.Engine.Linux.Snapshots;
using Portal.Engine.Linux.Storage;
using Portal.Engine.Snapshots;
using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>The image part of the engine as the agent composes it, on folders of its own.</summary>
internal sealed class ImageEngine : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public ImageEngine(TestInstance instance, Action<IServiceCollection>? configure = null, Func<EngineOptions, EngineOptions>? change = null)
    {
        var options = new EngineOptions { Name = instance.Name, DataRoot = instance.DataRoot, RunRoot = instance.RunRoot };
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(change?.Invoke(options) ?? options);
        configure?.Invoke(services);
        _services = services.AddLinuxStorage().AddLinuxSnapshots().AddLinuxCompression().AddEngineImages().BuildServiceProvider();
    }

    /// <summary>Gives up quickly, for tests of failures.</summary>
    public static RegistryPolicy Impatient { get; } = new()
    {
        MaxAttempts = 3,
        FirstDelay = TimeSpan.FromMilliseconds(10),
        MaxDelay = TimeSpan.FromMilliseconds(50),
        IdleTimeout = TestSettings.Within(TimeSpan.FromSeconds(2)),
        ProbeTimeout = TestSettings.Within(TimeSpan.FromSeconds(2)),
    };

    public IImages Images => _services.GetRequiredService<IImages>();

    public IImageCollector Collector => _services.GetRequiredService<IImageCollector>();

    public ISnapshotter Snapshotter => _services.GetRequiredService<ISnapshotter>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Mounts the image as a container's root.</summary>
    public async Task<string> MountAsync(ImageDetails image, string containerId = "c1")
    {
        await Snapshotter.PrepareAsync(containerId, image.ChainId);
        return await Snapshotter.MountAsync(containerId);
    }

    public async Task<IReadOnlyList<LoadedImage>> LoadAsync(string path, IProgress<TransferProgress>? progress = null)
    {
        await using var file = File.OpenRead(path);
        return await Images.LoadAsync(file, progress);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
