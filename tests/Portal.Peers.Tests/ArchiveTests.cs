using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Images.Checking;
using Portal.Engine.Images.Saving;
using Portal.Engine.Linux.Compression;
using Portal.Engine.Linux.Snapshots;
using Portal.Engine.Linux.Storage;
using Portal.Engine.Snapshots;
using Portal.Testing;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;

namespace Portal.Peers.Tests;

/// <summary>Archives that others wrote are read here, and those that are written here are read by others: same ids, same names, same files.</summary>
public sealed class ArchiveTests : IAsyncLifetime
{
    private TestInstance Instance { get; } = new();

    private ServiceProvider Engine { get; set; } = null!;

    private IImages Images => Engine.GetRequiredService<IImages>();

    public Task InitializeAsync()
    {
        var options = new EngineOptions { Name = Instance.Name, DataRoot = Instance.DataRoot, RunRoot = Instance.RunRoot };
        Engine = new ServiceCollection()
            .AddLogging().AddSingleton(TimeProvider.System).AddSingleton(options)
            .AddLinuxStorage().AddLinuxSnapshots().AddLinuxCompression().AddEngineImages()
            .BuildServiceProvider();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Instance.DisposeAsync();
    }

    [Fact]
    public async Task Load_WhatDockerSaved_HasItsIdsNamesAndFiles()
    {
        await using var docker = await DockerPeer.StartAsync();
        await FillAsync(docker);
        var archive = Instance.TempPath("docker.tar");
        await docker.RunAsync("save", "-o", archive, "team/one:1", "team/one:also", "two:2");

        await LoadAsync(archive);

        await AssertSameAsync(docker, "team/one:1", "team/one:also", "two:2");
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public async Task Load_WhatPodmanSaved_HasItsIdsNamesAndFiles(string format)
    {
        await using var podman = new PodmanPeer();
        await FillAsync(podman);
        var archive = Instance.TempPath("podman.tar");
        await podman.RunAsync("save", "--format", format, "-o", archive, "localhost/two:2");

        var loaded = Assert.Single(await LoadAsync(archive));

        Assert.Equal("localhost/two:2", loaded.Name);
        await AssertSameAsync(podman, "localhost/two:2");
    }

    [Fact]
    public async Task Load_WhatPodmanSavedOfSeveralImages_HasAllOfThem()
    {
        await using var podman = new PodmanPeer();
        await FillAsync(podman);
        var archive = Instance.TempPath("podman.tar");
        await podman.RunAsync("save", "-m", "-o", archive, "localhost/team/one:1", "localhost/two:2");

        await LoadAsync(archive);

        await AssertSameAsync(podman, "localhost/team/one:1", "localhost/two:2");
    }

    [Theory]
    [InlineData("docker")]
    [InlineData("podman")]
    public async Task Save_WhatIsSavedHere_IsLoadedByOthersWithIdsAndNames(string name)
    {
        await using Peer peer = name == "docker" ? await DockerPeer.StartAsync() : new PodmanPeer();
        await LoadAsync(await WriteAsync("team/one:1", One));
        await LoadAsync(await WriteAsync("two:2", Two));
        await Images.TagAsync("two:2", "two:also");
        var archive = Instance.TempPath("saved.tar");
        await SaveAsync(archive, "team/one:1", "two");

        await peer.RunAsync("load", "-i", archive);

        foreach (var image in new[] { "team/one:1", "two:2", "two:also" })
        {
            // podman takes a name without a registry for one of its own.
            var theirs = name == "docker" ? image : $"localhost/{image}";
            Assert.Equal((await Images.InspectAsync(image)).Id, await peer.IdOfAsync(theirs));
        }
    }

    [Theory]
    [InlineData("docker-archive", "many:1")]
    [InlineData("oci-archive", "")]
    public async Task Save_WhatIsSavedHere_IsCopiedBySkopeoToARegistryAndPulledBack(string format, string name)
    {
        await using var registry = await RegistryFixture.StartAsync();
        var loaded = Assert.Single(await LoadAsync(await WriteAsync("many:1", Two)));
        var archive = Instance.TempPath("saved.tar");
        await SaveAsync(archive, "many:1");
        await Skopeo.CopyAsync($"{format}:{archive}{(name.Length > 0 ? $":{name}" : "")}", $"docker://{registry.Host}/many:1");
        await Images.RemoveAsync("many:1");

        var pulled = await Images.PullAsync($"{registry.Host}/many:1");

        Assert.Equal(loaded.Id, pulled.Id);
    }

    private static async Task<TestImageBuilder> One() => (await BusyboxImages.CreateAsync()).AddFile("own", "one");

    private static async Task<TestImageBuilder> Two() => (await BusyboxImages.CreateAsync()).AddFile("own", "two").AddFile("more", "two");

    /// <summary>Two images that share their lowest layer, one with two names.</summary>
    private async Task FillAsync(Peer peer)
    {
        await peer.RunAsync("load", "-i", await WriteAsync("localhost/team/one:1", One));
        await peer.RunAsync("load", "-i", await WriteAsync("localhost/two:2", Two));
        await peer.RunAsync("tag", "localhost/team/one:1", "team/one:1");
        await peer.RunAsync("tag", "localhost/team/one:1", "team/one:also");
        await peer.RunAsync("tag", "localhost/two:2", "two:2");
    }

    private async Task<string> WriteAsync(string name, Func<Task<TestImageBuilder>> make)
    {
        var path = Instance.TempPath($"{Guid.NewGuid():N}.tar");
        await Skopeo.ExportAsync(await make(), $"docker-archive:{path}:{name}");
        return path;
    }

    private async Task<IReadOnlyList<LoadedImage>> LoadAsync(string archive)
    {
        await using var file = File.OpenRead(archive);
        return await Images.LoadAsync(file);
    }

    private async Task SaveAsync(string archive, params string[] images)
    {
        await using var file = File.Create(archive);
        await Engine.GetRequiredService<IImageArchives>().SaveAsync(images, file);
    }

    private async Task AssertSameAsync(Peer peer, params string[] names)
    {
        foreach (var name in names)
        {
            var image = await Images.InspectAsync(name);
            Assert.Equal(await peer.IdOfAsync(name), image.Id);
            var snapshotter = Engine.GetRequiredService<ISnapshotter>();
            await snapshotter.PrepareAsync("c1", image.ChainId);
            var root = await snapshotter.MountAsync("c1");
            var own = name.Contains("one", StringComparison.Ordinal) ? "one" : "two";
            Assert.Equal($"{own}\n", await Tool.RunAsync("chroot", root, "/bin/sh", "-c", "echo $(cat /own)"));
            await snapshotter.RemoveAsync("c1");
        }

        Assert.Empty((await Engine.GetRequiredService<IStoreCheck>().RunAsync(new StoreCheckRequest())).Problems);
    }
}
