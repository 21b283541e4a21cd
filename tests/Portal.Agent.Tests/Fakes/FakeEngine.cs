using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Committing;
using Portal.Engine.Containers.Networking;
using Portal.Engine.Containers.Updates;
using Portal.Engine.Distribution;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Events;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Images.Saving;
using Portal.Engine.Images.Space;
using Portal.Engine.Logs;
using Portal.Engine.Networks;
using Portal.Engine.Runtime;
using Portal.Engine.Stats;
using Portal.Engine.Trees;
using Portal.Engine.Volumes;
using Portal.Engine.Volumes.Backups;
using Portal.Engine.Volumes.Contents;

namespace Portal.Agent.Tests.Fakes;

/// <summary>An engine whose containers are entries of a list, for tests of what stands in front of it.</summary>
public sealed class FakeEngine : IEngine
{
    public FakeEngine()
    {
        Containers = new FakeContainers(Events);
        Registries = new FakeRegistries(Images);
    }

    public FakeEvents Events { get; } = new();

    public FakeContainers Containers { get; }

    public FakeExecs Execs { get; } = new();

    public FakeLogs Logs { get; } = new();

    public FakeStats Stats { get; } = new();

    public FakeImages Images { get; } = new();

    public FakeRegistries Registries { get; }

    public FakeSignatures Signatures { get; } = new();

    public FakeFiles Files { get; } = new();

    public FakeVolumes Volumes { get; } = new();

    public FakeNetworks Networks { get; } = new();

    public EngineOptions Options { get; } = new() { Name = "fake", DataRoot = "/nowhere", RunRoot = "/nowhere" };

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IEngine>(this);
        services.AddSingleton<IContainers>(Containers);
        services.AddSingleton<IContainerUpdates>(Containers);
        services.AddSingleton<IExecs>(Execs);
        services.AddSingleton<IEngineEvents>(Events);
        services.AddSingleton<IContainerLogs>(Logs);
        services.AddSingleton<IContainerStats>(Stats);
        services.AddSingleton<IStatsReader>(Stats);
        services.AddSingleton<IImages>(Images);
        services.AddSingleton<IRegistries>(Registries);
        services.AddSingleton<IImageSignatures>(Signatures);
        services.AddSingleton<IImageArchives>(new FakeArchives());
        services.AddSingleton<IImageSpace>(new FakeImageSpace());
        services.AddSingleton<IContainerTrees>(Files);
        services.AddSingleton<IContainerFiles>(Files);
        services.AddSingleton<IContainerCommits>(Files);
        services.AddSingleton<IVolumes>(Volumes);
        services.AddSingleton<IVolumeContents>(Volumes);
        services.AddSingleton<IVolumeBackups>(Volumes);
        services.AddSingleton<INetworks>(Networks);
        services.AddSingleton<IContainerNetworks>(Networks);
        services.AddSingleton<INetworkDirectory, NetworkDirectory>();
        services.AddSingleton<IContainerRuntime>(new FakeRuntime());
    }
}
