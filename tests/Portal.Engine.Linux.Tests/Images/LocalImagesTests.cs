using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Images;

public sealed class LocalImagesTests : ImageTestBase
{
    [Fact]
    public async Task CreateFromHostBusyboxAsync_Twice_IsTheSameImageAndRuns()
    {
        var one = await Engine.Images.CreateFromHostBusyboxAsync();
        var two = await Engine.Images.CreateFromHostBusyboxAsync();

        Assert.Equal(one.Id, two.Id);
        Assert.Equal(["busybox:latest"], two.Names);
        Assert.Equal(3, Blobs().Length);
        var root = await Engine.MountAsync(one);
        Assert.Equal("root\n", await Tool.RunAsync("chroot", root, "/bin/sh", "-c", "cd /tmp && whoami"));
        Assert.Equal("1777", (await Tool.RunAsync("stat", "-c", "%a", root + "/tmp")).Trim());
    }

    [Fact]
    public async Task InspectAsync_EveryWayToNameAnImage_FindsIt()
    {
        var image = await Engine.Images.CreateFromHostBusyboxAsync();
        foreach (var reference in new[] { image.Id, image.Id[7..], image.Id[7..19], image.Id[7..9], "busybox", "busybox:latest", "docker.io/library/busybox", "library/busybox" })
        {
            Assert.Equal(image.Id, (await Engine.Images.InspectAsync(reference)).Id);
        }

        await AssertFailsAsync(EngineErrorKind.NotFound, () => Engine.Images.InspectAsync("nothing"));
        await AssertFailsAsync(EngineErrorKind.NotFound, () => Engine.Images.InspectAsync("busybox:1"));
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.InspectAsync("BAD NAME"));
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.InspectAsync(""));
    }

    [Fact]
    public async Task TagAsync_MovesANameAndSurvivesARestart()
    {
        var busybox = await Engine.Images.CreateFromHostBusyboxAsync();
        var other = await LoadAsync("other:1", "x");
        await Engine.Images.TagAsync("busybox", "host:5000/a/b:v1");
        await Engine.Images.TagAsync("busybox", "host:5000/a/b:v1");
        await Engine.Images.TagAsync(other.Id, "busybox");
        await Engine.DisposeAsync();

        Engine = Open();

        Assert.Equal(["host:5000/a/b:v1"], (await Engine.Images.InspectAsync(busybox.Id)).Names);
        Assert.Equal(["other:1", "busybox:latest"], (await Engine.Images.InspectAsync("busybox")).Names);
        await AssertFailsAsync(EngineErrorKind.NotFound, () => Engine.Images.TagAsync("nothing", "x"));
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.TagAsync("busybox", "Bad Name"));
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.TagAsync("busybox", $"x@{busybox.Id}"));
    }

    [Fact]
    public async Task RemoveAsync_ByName_UntagsAndTheLastNameTakesTheImage()
    {
        var image = await LoadAsync("a:1", "x");
        await Engine.Images.TagAsync("a:1", "b:1");
        await AssertFailsAsync(EngineErrorKind.Conflict, () => Engine.Images.RemoveAsync(image.Id));

        var first = await Engine.Images.RemoveAsync("a:1");
        Assert.Equal(["a:1"], first.Untagged);
        Assert.Empty(first.Deleted);
        var second = await Engine.Images.RemoveAsync("b:1");

        Assert.Equal(["b:1"], second.Untagged);
        Assert.Equal([image.Id, image.ChainId!], second.Deleted);
        Assert.Empty(Blobs());
        Assert.Empty(Layers());
        await AssertFailsAsync(EngineErrorKind.NotFound, () => Engine.Images.RemoveAsync("b:1"));
    }

    [Fact]
    public async Task RemoveAsync_SharedLayers_StayForTheOtherImage()
    {
        var one = await LoadAsync("one", "shared", "1");
        var two = await LoadAsync("two", "shared", "2");
        Assert.Equal(one.DiffIds[0], two.DiffIds[0]);

        await Engine.Images.RemoveAsync(one.Id, force: true);

        Assert.Equal(4, Blobs().Length);
        Assert.Equal(2, Layers().Length);
        Assert.Equal("shared", await File.ReadAllTextAsync(await Engine.MountAsync(two) + "/f0"));
    }

    [Fact]
    public async Task RemoveAsync_UsedByAContainer_IsAConflictUnlessForcedAndStopped()
    {
        var users = new FakeUsers();
        await Engine.DisposeAsync();
        Engine = Open(services => services.AddSingleton<IImageUsers>(users));
        var image = await LoadAsync("a:1", "x");
        var root = await Engine.MountAsync(image);
        users.Users = [new ImageUser("0123456789abcdef", Running: true)];

        var running = await AssertFailsAsync(EngineErrorKind.Conflict, () => Engine.Images.RemoveAsync("a:1", force: true));
        users.Users = [new ImageUser("0123456789abcdef", Running: false)];
        var stopped = await AssertFailsAsync(EngineErrorKind.Conflict, () => Engine.Images.RemoveAsync("a:1"));

        var shortId = image.Id[7..19];
        Assert.Equal(
            $"conflict: unable to delete {shortId} (cannot be forced) - image is being used by running container 0123456789ab",
            running.Message);
        Assert.Equal(
            "conflict: unable to remove repository reference \"a:1\" (must force) - "
            + $"container 0123456789ab is using its referenced image {shortId}",
            stopped.Message);
        Assert.Equal(1, Assert.Single(await Engine.Images.ListAsync()).Containers);
        var removal = await Engine.Images.RemoveAsync("a:1", force: true);

        Assert.Equal([image.Id], removal.Deleted);
        Assert.Equal("x", await File.ReadAllTextAsync(root + "/f0"));
        await Engine.Snapshotter.RemoveAsync("c1");
        await Engine.Collector.CollectAsync(TimeSpan.Zero);
        Assert.Empty(Layers());
    }

    [Fact]
    public async Task CollectAsync_RemovesWhatNoImageNeeds()
    {
        var image = await LoadAsync("a:1", "x");
        var stray = Path.Combine(Instance.DataRoot, "content", "blobs", "sha256", new string('a', 64));
        await File.WriteAllTextAsync(stray, "stray");

        Assert.Equal(0, await Engine.Collector.CollectAsync(TimeSpan.FromHours(1)));
        Assert.Equal(5, await Engine.Collector.CollectAsync(TimeSpan.Zero));

        Assert.False(File.Exists(stray));
        Assert.Equal("x", await File.ReadAllTextAsync(await Engine.MountAsync(image) + "/f0"));
    }

    [Fact]
    public async Task Open_AfterAKill_IsConsistentAndARetryGoesOn()
    {
        var image = await LoadAsync("a:1", "x");
        await Engine.DisposeAsync();
        await File.WriteAllTextAsync(Path.Combine(Instance.DataRoot, "content", "ingest", "half"), "half");
        await File.WriteAllTextAsync(Path.Combine(Instance.DataRoot, "images", ".index.json.abc.tmp"), "{");

        Engine = Open();

        Assert.Equal(image.Id, Assert.Single(await Engine.Images.ListAsync()).Id);
        Assert.Equal("x", await File.ReadAllTextAsync(await Engine.MountAsync(image) + "/f0"));
        AssertNothingInTheMaking();
    }

    private async Task<ImageDetails> LoadAsync(string name, params string[] files)
    {
        var builder = new TestImageBuilder();
        for (var i = 0; i < files.Length; i++)
        {
            builder.AddFile($"f{i}", files[i]);
        }

        var path = Instance.TempPath($"{Guid.NewGuid():N}.tar");
        await Skopeo.ExportAsync(builder, $"docker-archive:{path}:{(name.Contains(':') ? name : name + ":latest")}");
        var loaded = await Engine.LoadAsync(path);
        return await Engine.Images.InspectAsync(loaded[0].Id);
    }

    private sealed class FakeUsers : IImageUsers
    {
        public IReadOnlyList<ImageUser> Users { get; set; } = [];

        public IReadOnlyList<ImageUser> FindUsers(string imageId) => Users;
    }
}
