using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Checking;
using Portal.Engine.Images.Space;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Images.Platforms;

/// <summary>A name that stands for images of several platforms: what is shown, found, moved and removed.</summary>
public sealed class PlatformStoreTests : PlatformTestBase
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PullAsync_TwoPlatformsOfATag_KeepsBothAndShowsTheHosts(bool ownFirst)
    {
        var image = Make(Own, Other);
        var name = await PublishAsync(image, "app:1");

        var first = await PullAsync(name, ownFirst ? Own : Other);
        var second = await PullAsync(name, ownFirst ? Other : Own);

        Assert.Equal(ownFirst ? image.IdOf(Own) : image.IdOf(Other), first.Id);
        Assert.Equal(ownFirst ? image.IdOf(Other) : image.IdOf(Own), second.Id);
        var row = Assert.Single(await Engine.Images.ListAsync());
        Assert.Equal((image.IdOf(Own), name), (row.Id, Assert.Single(row.Names)));
        Assert.Equal([Own, Other], row.Platforms.Select(platform => platform.Architecture));
        Assert.Equal(image.IdOf(Own), (await Engine.Images.InspectAsync(name)).Id);
        Assert.Equal(image.IdOf(Other), (await Engine.Images.InspectAsync(name, new ImagePlatform("linux", Other))).Id);
        Assert.Equal(image.IdOf(Other), (await Engine.Images.InspectAsync(image.IdOf(Other))).Id);
        Assert.Equal(image.IdOf(Own), (await Engine.Images.InspectAsync($"{Registry.Host}/app@{image.Digest}")).Id);
    }

    [Fact]
    public async Task InspectAsync_PlatformThatIsNotHere_IsNotFound()
    {
        var name = await PublishAsync(Make(Own, Other), "app:1");
        await PullAsync(name, Own);

        var failure = await AssertFailsAsync(
            EngineErrorKind.NotFound, () => Engine.Images.InspectAsync(name, new ImagePlatform("linux", Other)));

        Assert.Contains($"does not match the specified platform (linux/{Other})", failure.Message);
    }

    [Fact]
    public async Task Open_AfterARestart_StillHasBoth()
    {
        var image = Make(Own, Other);
        var name = await PublishAsync(image, "app:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);
        await Engine.DisposeAsync();
        Engine = Open();

        Assert.Equal(image.IdOf(Other), (await Engine.Images.InspectAsync(name, new ImagePlatform("linux", Other))).Id);
        Assert.Equal([Own, Other], Assert.Single(await Engine.Images.ListAsync()).Platforms.Select(platform => platform.Architecture));
    }

    [Fact]
    public async Task PullAsync_AnotherIndexUnderTheTag_TakesTheNameFromAll()
    {
        var old = Make(Own, Other);
        var name = await PublishAsync(old, "app:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);
        var replaced = new PlatformImage(Instance.TempPath("new"), "latest", Own, Other, "s390x");
        await PublishAsync(replaced, "app:1");

        await PullAsync(name, "s390x");

        var rows = await Engine.Images.ListAsync();
        Assert.Equal(["s390x"], rows.Single(row => row.Names.Count > 0).Platforms.Select(platform => platform.Architecture));
        Assert.Equal(
            new[] { old.IdOf(Own), old.IdOf(Other) }.Order(), rows.Where(row => row.Names.Count == 0).Select(row => row.Id).Order());
    }

    [Fact]
    public async Task RemoveAsync_TheName_TakesAllPlatformsAndTheIndex()
    {
        var name = await PublishAsync(Make(Own, Other), "app:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);

        var removal = await Engine.Images.RemoveAsync(name);

        Assert.Contains(name, removal.Untagged);
        Assert.Empty(await Engine.Images.ListAsync());
        Assert.Empty(Blobs());
        Assert.Empty(Layers());
    }

    [Fact]
    public async Task RemoveAsync_OnePlatformById_LeavesTheOther()
    {
        var image = Make(Own, Other);
        var name = await PublishAsync(image, "app:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);

        await Engine.Images.RemoveAsync(image.IdOf(Other));

        Assert.Equal([Own], Assert.Single(await Engine.Images.ListAsync()).Platforms.Select(platform => platform.Architecture));
        Assert.Empty((await Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest())).Problems);
    }

    [Fact]
    public async Task TagAsync_NameOfSeveralPlatforms_NamesAllAndKeepsThemWithoutTheFirst()
    {
        var image = Make(Own, Other);
        var name = await PublishAsync(image, "app:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);

        await Engine.Images.TagAsync(name, "mine:2");
        await Engine.Images.RemoveAsync(name);

        Assert.Equal(image.IdOf(Other), (await Engine.Images.InspectAsync("mine:2", new ImagePlatform("linux", Other))).Id);
        Assert.Equal(["mine:2"], Assert.Single(await Engine.Images.ListAsync()).Names);
    }

    [Fact]
    public async Task TagAsync_OntoANameOfSeveralPlatforms_LeavesThoseWithoutAName()
    {
        var image = Make(Own, Other);
        var name = await PublishAsync(image, "app:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);
        await Engine.LoadAsync(await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("b.tar"), "box:1"));

        await Engine.Images.TagAsync("box:1", name);

        Assert.Equal(2, (await Engine.Images.ListAsync()).Count(row => row.Names.Count == 0));
        Assert.Equal((await Engine.Images.InspectAsync("box:1")).Id, (await Engine.Images.InspectAsync(name)).Id);
    }

    [Fact]
    public async Task PruneAsync_All_FreesWhatThePreviewSaid()
    {
        var name = await PublishAsync(Make(Own, Other), "app:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);
        var space = Engine.Get<IImageSpace>();
        var preview = await space.PreviewAsync(_ => true);

        // None of several platforms is dangling.
        Assert.Empty((await space.PreviewAsync(image => image.Names.Count == 0)).Images);
        var pruned = await space.PruneAsync(_ => true);

        Assert.Equal(preview.Bytes, pruned.Bytes);
        Assert.True(pruned.Bytes > 0);
        Assert.Empty(Blobs());
    }

    [Fact]
    public async Task CollectAsync_IndexOfAName_IsNeeded()
    {
        var image = Make(Own, Other);
        await PullAsync(await PublishAsync(image, "app:1"), Own);

        await Engine.Collector.CollectAsync(TimeSpan.Zero);

        Assert.True(Engine.Get<ContentStore>().Has(Digest.Parse(image.Digest, "the index")));
        Assert.Equal(0, (await Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest())).UnusedBytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_IndexThatIsGone_IsFoundAndMendedFromTheRegistryOrForgotten(bool registryHasIt)
    {
        var image = Make(Own, Other);
        var name = await PublishAsync(image, "app:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);
        File.Delete(Path.Combine(Instance.DataRoot, "content", "blobs", "sha256", image.Digest[7..]));
        if (!registryHasIt)
        {
            Directory.Delete(Registry.StorageFolder, recursive: true);
        }

        var check = Engine.Get<IStoreCheck>();
        var found = Assert.Single((await check.RunAsync(new StoreCheckRequest())).Problems);
        var mended = Assert.Single((await check.RunAsync(new StoreCheckRequest { Mend = true })).Problems);

        Assert.Equal((StoreProblemKind.BrokenList, StoreProblemOutcome.Found), (found.Kind, found.Outcome));
        Assert.Equal(registryHasIt ? StoreProblemOutcome.Mended : StoreProblemOutcome.Removed, mended.Outcome);
        Assert.Empty((await check.RunAsync(new StoreCheckRequest())).Problems);
        Assert.Equal(image.IdOf(Own), (await Engine.Images.InspectAsync(name)).Id);
        Assert.Equal(registryHasIt ? 2 : 1, (await Engine.Images.ListAsync()).Single(row => row.Names.Count > 0).Platforms.Count);
    }
}
