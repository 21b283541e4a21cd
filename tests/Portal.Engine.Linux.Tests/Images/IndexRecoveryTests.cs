using System.Text;
using Portal.Engine.Images.Checking;
using Portal.Engine.Images.Space;
using Portal.Testing.Fuzzing;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>An index of images that the disk spoiled: the engine starts, and finds again what can be found.</summary>
public sealed class IndexRecoveryTests : ImageTestBase
{
    private string Index => Path.Combine(Instance.DataRoot, "images", "index.json");

    private string Copy => Path.Combine(Instance.DataRoot, "images", "index-at-start.json");

    private Task<StoreCheckReport> CheckAsync(bool mend = false) =>
        Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest { Mend = mend });

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"version":1,"images":null}""")]
    [InlineData("""{"version":1,"images":[null]}""")]
    [InlineData("""{"version":1,"images":[{"id":"x","manifest":"y","layers":[]}]}""")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    public async Task Open_IndexWithoutAnything_FindsTheImagesByTheirManifests(string content)
    {
        var ids = await LoadTwoAsync();
        await SpoilAsync(_ => Encoding.UTF8.GetBytes(content), keepsCopy: false);

        var found = await Engine.Images.ListAsync();

        Assert.Equal(ids.Order(), found.Select(image => image.Id).Order());
        Assert.All(found, image => Assert.Equal((0, null), (image.Names.Count, image.Problem)));
        var root = await Engine.MountAsync(await Engine.Images.InspectAsync(ids[0]));
        Assert.True(File.Exists(Path.Combine(root, "one")));
    }

    [Fact]
    public async Task Open_IndexThatIsCutOff_KeepsTheEntriesBeforeTheCut()
    {
        var ids = await LoadTwoAsync();
        await SpoilAsync(bytes => bytes[..^(bytes.Length / 4)], keepsCopy: false);

        var found = await Engine.Images.ListAsync();

        Assert.Equal(ids.Order(), found.Select(image => image.Id).Order());
        Assert.Single(found, image => image.Names.Count == 1);
    }

    [Fact]
    public async Task Open_SpoiledIndexAndACopyOfTheLastStart_KeepsTheNames()
    {
        await LoadTwoAsync();
        await ReopenAsync();
        await LoadAsync("three");
        await SpoilAsync(_ => [0xFF], keepsCopy: true);

        var found = await Engine.Images.ListAsync();

        Assert.Equal(["one:1", "two:1"], found.SelectMany(image => image.Names).Order());
        Assert.Single(found, image => image.Names.Count == 0);
    }

    [Fact]
    public async Task Open_IndexThatIsGone_IsMadeOfTheCopy()
    {
        await LoadTwoAsync();
        await ReopenAsync();
        await Engine.DisposeAsync();
        File.Delete(Index);
        Engine = Open();

        Assert.Equal(["one:1", "two:1"], (await Engine.Images.ListAsync()).SelectMany(image => image.Names).Order());
    }

    [Fact]
    public async Task Open_CopyThatNamesWhatWasRemovedSince_LeavesThatOut()
    {
        await LoadTwoAsync();
        await ReopenAsync();
        await Engine.Images.RemoveAsync("two:1");
        await SpoilAsync(_ => [], keepsCopy: true);

        Assert.Equal(["one:1"], (await Engine.Images.ListAsync()).SelectMany(image => image.Names));
    }

    [Fact]
    public async Task Open_SpoiledIndex_IsKeptAndTheCheckTellsOfIt()
    {
        await LoadTwoAsync();
        await SpoilAsync(_ => "spoiled"u8.ToArray(), keepsCopy: false);

        var found = Assert.Single((await CheckAsync()).Problems);
        var kept = Assert.Single(Directory.GetFiles(Path.Combine(Instance.DataRoot, "images"), "unreadable-index-*"));
        Assert.Equal("spoiled", await File.ReadAllTextAsync(kept));
        Assert.Equal((StoreProblemKind.UnreadableIndex, StoreProblemOutcome.Found), (found.Kind, found.Outcome));
        Assert.Contains(kept, found.Message, StringComparison.Ordinal);

        Assert.Equal(StoreProblemOutcome.Removed, Assert.Single((await CheckAsync(mend: true)).Problems).Outcome);
        Assert.Empty((await CheckAsync()).Problems);
        Assert.False(File.Exists(kept));
    }

    [Fact]
    public async Task Open_SpoiledIndexAndAMissingLayer_MarksTheImage()
    {
        await LoadTwoAsync();
        await ReopenAsync();
        var layer = Layers()[0];
        await Engine.DisposeAsync();
        Directory.Delete(layer, recursive: true);
        await File.WriteAllTextAsync(Index, "{");
        Engine = Open();

        Assert.Single(await Engine.Images.ListAsync(), image => image.Problem is not null);
        Assert.Contains((await CheckAsync(mend: true)).Problems, problem => problem.Outcome == StoreProblemOutcome.Mended);
        Assert.All(await Engine.Images.ListAsync(), image => Assert.Null(image.Problem));
    }

    [Fact]
    public async Task Open_SpoiledIndex_NothingThatWasFoundIsCollected()
    {
        await LoadTwoAsync();
        await SpoilAsync(_ => [], keepsCopy: false);

        await Engine.Collector.CollectAsync(TimeSpan.Zero);

        Assert.Equal(2, (await Engine.Images.ListAsync()).Count);
        Assert.DoesNotContain((await CheckAsync()).Problems, problem => problem.Kind != StoreProblemKind.UnreadableIndex);
    }

    [Fact]
    public async Task Open_IndexSpoiledAnywhere_StartsAndCanBeChecked()
    {
        await LoadTwoAsync();
        await Engine.DisposeAsync();
        var whole = await File.ReadAllBytesAsync(Index);
        await Fuzzer.RunAsync(60, async mutator =>
        {
            await File.WriteAllBytesAsync(Index, mutator.Bytes(whole));
            File.Delete(Copy);
            Engine = Open();
            _ = await Engine.Images.ListAsync();
            _ = await CheckAsync();
            await Engine.DisposeAsync();
        });
    }

    [Fact]
    public async Task RemoveAsync_RootWhoseRecordIsSpoiled_StopsNoRemovalAndKeepsItsLayers()
    {
        await LoadTwoAsync();
        await Engine.Snapshotter.PrepareAsync("c1", (await Engine.Images.InspectAsync("one:1")).ChainId);
        await File.WriteAllTextAsync(Path.Combine(Instance.DataRoot, "overlay", "roots", "c1", "root.json"), "{");

        await Engine.Images.RemoveAsync("two:1");
        await Engine.Images.RemoveAsync("one:1");

        Assert.Equal(2, Layers().Length);
        Assert.Contains((await CheckAsync()).Problems, problem => problem.Kind == StoreProblemKind.BrokenRoot);
        await Engine.Snapshotter.RemoveAsync("c1");
        await Engine.Get<IImageSpace>().PruneAsync(_ => true);
        Assert.Empty(Layers());
    }

    private async Task<string[]> LoadTwoAsync() => [await LoadAsync("one"), await LoadAsync("two")];

    private async Task<string> LoadAsync(string name)
    {
        var path = Instance.TempPath($"{name}.tar");
        await Skopeo.ExportAsync(new TestImageBuilder().AddFile(name, name), $"docker-archive:{path}:{name}:1");
        return (await Engine.LoadAsync(path))[0].Id;
    }

    private async Task ReopenAsync()
    {
        await Engine.DisposeAsync();
        Engine = Open();
        _ = await Engine.Images.ListAsync();
    }

    private async Task SpoilAsync(Func<byte[], byte[]> spoil, bool keepsCopy)
    {
        await Engine.DisposeAsync();
        await File.WriteAllBytesAsync(Index, spoil(await File.ReadAllBytesAsync(Index)));
        if (!keepsCopy)
        {
            File.Delete(Copy);
        }

        Engine = Open();
    }
}
