using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Images;
using Portal.Engine.Images.Space;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Images;

public sealed class SpaceTests : ImageTestBase
{
    private IImageSpace Space => Engine.Get<IImageSpace>();

    [Fact]
    public async Task Measure_SharedLayer_CountsOnceAndIsShared()
    {
        var (one, two) = (await LoadAsync("one:1", "a"), await LoadAsync("two:1", "bcd"));

        var usage = Space.Measure();

        Assert.Equal(6 + 1 + 3, usage.LayerBytes);
        Assert.Equal((6, 6), (usage.SharedBytes[one], usage.SharedBytes[two]));
        Assert.Equal([6, 3], (await Engine.Images.InspectAsync("two:1")).LayerSizes);
    }

    [Fact]
    public async Task PruneAsync_Dangling_LeavesSharedLayersAndTheOthers()
    {
        var old = await LoadAsync("one:1", "a");
        await LoadAsync("one:1", "bcd");

        var pruned = await Space.PruneAsync(image => image.Names.Count == 0);

        Assert.Equal(old, Assert.Single(pruned.Removed).Deleted[0]);
        Assert.True(pruned.Bytes > 0);
        Assert.Equal(2, Layers().Length);
        await Engine.MountAsync(await Engine.Images.InspectAsync("one:1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PreviewAsync_AnyChoice_TellsExactlyWhatThePruneThenDoes(bool danglingOnly)
    {
        var old = await LoadAsync("one:1", "a");
        await LoadAsync("one:1", "bcd");
        await LoadAsync("two:1", "ef");
        var (blobs, layers) = (Blobs().Length, Layers().Length);
        Func<ImageSummary, bool> selects = image => !danglingOnly || image.Names.Count == 0;

        var preview = await Space.PreviewAsync(selects);
        Assert.Equal((3, blobs, layers), ((await Engine.Images.ListAsync()).Count, Blobs().Length, Layers().Length));
        var pruned = await Space.PruneAsync(selects);

        Assert.Equal(danglingOnly ? 1 : 3, preview.Images.Count);
        Assert.Contains(preview.Images, image => image.Id == old);
        Assert.Equal(preview.Images.Select(image => image.Id).Order(), pruned.Removed.Select(removal => removal.Deleted[0]).Order());
        Assert.Equal(pruned.Bytes, preview.Bytes);
        Assert.True(preview.Bytes > 0);
    }

    [Fact]
    public async Task PreviewAsync_ImageOfAContainer_DoesNotCount()
    {
        await Engine.DisposeAsync();
        Engine = Open(services => services.AddSingleton<IImageUsers>(new Users()));
        await LoadAsync("one:1", "a");

        var preview = await Space.PreviewAsync(_ => true);

        Assert.Empty(preview.Images);
        Assert.Equal(0, preview.Bytes);
    }

    [Fact]
    public async Task RemoveAsync_ImageOfAContainer_TellsWhoUsesItAndWhetherForceHelps()
    {
        await Engine.DisposeAsync();
        Engine = Open(services => services.AddSingleton<IImageUsers>(new Users()));
        var id = await LoadAsync("one:1", "a");

        var conflict = await Assert.ThrowsAsync<ImageConflictException>(() => Engine.Images.RemoveAsync("one:1"));
        await Engine.Images.TagAsync("one:1", "two:1");
        var named = await Assert.ThrowsAsync<ImageConflictException>(() => Engine.Images.RemoveAsync(id));

        Assert.Equal((id, "c1", true), (conflict.ImageId, Assert.Single(conflict.Users).ContainerId, conflict.MayForce));
        Assert.Empty(conflict.Names);
        Assert.Equal(["one:1", "two:1"], named.Names.Order());
        Assert.True(named.MayForce);
        Assert.Contains("must be forced", named.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PruneAsync_ImageOfAContainer_Stays()
    {
        await Engine.DisposeAsync();
        Engine = Open(services => services.AddSingleton<IImageUsers>(new Users()));
        await LoadAsync("one:1", "a");

        var pruned = await Space.PruneAsync(_ => true);

        Assert.Empty(pruned.Removed);
        Assert.Equal(0, pruned.Bytes);
    }

    [Fact]
    public async Task PruneAsync_Everything_LeavesNoBlobAndNoLayer()
    {
        await LoadAsync("one:1", "a");
        await LoadAsync("two:1", "b");
        await Engine.Images.TagAsync("two:1", "three:1");

        var pruned = await Space.PruneAsync(_ => true);

        Assert.Equal(2, pruned.Removed.Count);
        Assert.Empty(Blobs());
        Assert.Empty(Layers());
    }

    private async Task<string> LoadAsync(string name, string content)
    {
        var path = Instance.TempPath($"{Guid.NewGuid():N}.tar");
        var image = new TestImageBuilder().AddFile("shared", "shared").AddFile("own", content);
        await Skopeo.ExportAsync(image, $"docker-archive:{path}:{name}");
        return Assert.Single(await Engine.LoadAsync(path)).Id;
    }

    private sealed class Users : IImageUsers
    {
        public IReadOnlyList<ImageUser> FindUsers(string imageId) => [new ImageUser("c1", false)];
    }
}
