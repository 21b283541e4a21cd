using System.Text.Json.Nodes;
using Portal.Engine.Distribution;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Checking;
using Portal.Engine.Images.Saving;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Images.Platforms;

/// <summary>Images of several platforms on their way: other people's tools read what is pushed and saved, and what they write is loaded.</summary>
public sealed class PlatformTransferTests : PlatformTestBase
{
    private IRegistries Registries => Engine.Get<IRegistries>();

    [Fact]
    public async Task PushAsync_AllPlatformsHere_PushesTheIndexAsItCame()
    {
        var image = Make(Own, Other);
        var name = await PublishAsync(image, "from:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);
        var target = $"{Registry.Host}/to:2";
        await Engine.Images.TagAsync(name, target);

        var pushed = Assert.Single(await Registries.PushAsync(target, null));

        Assert.Equal(image.Digest, pushed.Digest);
        Assert.Null(pushed.InsteadOf);
        Assert.Equal([Own, Other], pushed.Platforms.Select(platform => platform.Architecture));
        Assert.Equal([Own, Other], ArchitecturesOf(await InspectRawAsync(target)));
        await AssertSkopeoReadsAllAsync(target);
    }

    [Fact]
    public async Task PushAsync_OnePlatformOfTheIndexHere_PushesThatImageAndSaysSo()
    {
        var image = Make(Own, Other);
        var name = await PublishAsync(image, "from:1");
        await PullAsync(name, Own);
        var target = $"{Registry.Host}/to:2";
        await Engine.Images.TagAsync(name, target);

        var pushed = Assert.Single(await Registries.PushAsync(target, null));

        Assert.Equal((image.ManifestOf(Own), image.Digest), (pushed.Digest, pushed.InsteadOf));
        Assert.Equal(image.IdOf(Own), (string)(await InspectRawAsync(target))["config"]!["digest"]!);
    }

    [Fact]
    public async Task PushAsync_SomePlatformsOfTheIndexHere_PushesAnIndexOfThose()
    {
        var image = Make(Own, Other, "s390x");
        var name = await PublishAsync(image, "from:1");
        await PullAsync(name, Own);
        await PullAsync(name, "s390x");
        var target = $"{Registry.Host}/to:2";
        await Engine.Images.TagAsync(name, target);

        var pushed = Assert.Single(await Registries.PushAsync(target, null));

        Assert.NotEqual(image.Digest, pushed.Digest);
        Assert.Equal(image.Digest, pushed.InsteadOf);
        Assert.Equal([Own, "s390x"], ArchitecturesOf(await InspectRawAsync(target)));
        await AssertSkopeoReadsAllAsync(target);
    }

    [Fact]
    public async Task PushAsync_ChosenPlatform_PushesItAlone()
    {
        var image = Make(Own, Other);
        var name = await PublishAsync(image, "from:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);
        var target = $"{Registry.Host}/to:2";
        await Engine.Images.TagAsync(name, target);

        var pushed = Assert.Single(await Registries.PushAsync(target, null, new ImagePlatform("linux", Other), null));

        Assert.Equal((image.ManifestOf(Other), null), (pushed.Digest, pushed.InsteadOf));
        Assert.Equal(image.IdOf(Other), (string)(await InspectRawAsync(target))["config"]!["digest"]!);
    }

    [Fact]
    public async Task PushAsync_PlatformThatIsNotHere_SaysWhatIs()
    {
        var name = await PublishAsync(Make(Own, Other), "from:1");
        await PullAsync(name, Own);

        var failure = await AssertFailsAsync(
            EngineErrorKind.NotFound, () => Registries.PushAsync(name, null, new ImagePlatform("linux", Other), null));

        Assert.Contains($"not here for linux/{Other}, but for linux/{Own}", failure.Message);
    }

    [Fact]
    public async Task PushAsync_ManifestListOfDocker_KeepsItsForm()
    {
        var image = Make(Own, Other);
        var name = $"{Registry.Host}/from:1";
        await Skopeo.CopyAsync($"oci:{image.Folder}:latest", $"docker://{name}", "--all", "--format", "v2s2");
        await PullAsync(name, Own);
        await PullAsync(name, Other);
        var target = $"{Registry.Host}/to:2";
        await Engine.Images.TagAsync(name, target);

        await Registries.PushAsync(target, null);

        var raw = await InspectRawAsync(target);
        Assert.Equal("application/vnd.docker.distribution.manifest.list.v2+json", (string)raw["mediaType"]!);
        await AssertSkopeoReadsAllAsync(target);
    }

    [Fact]
    public async Task SaveAsync_SeveralPlatforms_IsReadWhollyByOthersAndByUs()
    {
        var image = Make(Own, Other);
        var name = await PublishAsync(image, "app:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);
        var archive = Instance.TempPath("saved.tar");
        await SaveAsync(name, archive);

        await Skopeo.CopyAsync($"oci-archive:{archive}:1", $"docker://{Registry.Host}/copied:1", "--all");
        Assert.Equal([Own, Other], ArchitecturesOf(await InspectRawAsync($"{Registry.Host}/copied:1")));

        // Old Docker reads the host's.
        await Skopeo.CopyAsync($"docker-archive:{archive}:{name}", $"docker://{Registry.Host}/old:1");
        Assert.Equal(image.IdOf(Own), (string)(await InspectRawAsync($"{Registry.Host}/old:1"))["config"]!["digest"]!);

        await Engine.Images.RemoveAsync(name);
        await using var file = File.OpenRead(archive);
        var loaded = Assert.Single(await Engine.Images.LoadAsync(file));
        Assert.Equal((image.IdOf(Own), name), (loaded.Id, loaded.Name));
        Assert.Equal(image.IdOf(Other), (await Engine.Images.InspectAsync(name, new ImagePlatform("linux", Other))).Id);
        Assert.Equal(image.Digest, Assert.Single(await Registries.PushAsync(name, null)).Digest);
        Assert.Empty((await Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest())).Problems);
    }

    [Fact]
    public async Task SaveAsync_ChosenPlatform_HoldsItAlone()
    {
        var image = Make(Own, Other);
        var name = await PublishAsync(image, "app:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);
        var archive = Instance.TempPath("saved.tar");
        await using (var file = File.Create(archive))
        {
            await Engine.Get<IImageArchives>().SaveAsync([name], file, new ImagePlatform("linux", Other));
        }

        var entries = await Tool.RunAsync("tar", "-tf", archive);
        Assert.Contains(image.IdOf(Other)[7..], entries, StringComparison.Ordinal);
        Assert.DoesNotContain(image.IdOf(Own)[7..], entries, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaveAsync_SeveralPlatformsTwice_GivesTheSameBytes()
    {
        var name = await PublishAsync(Make(Own, Other), "app:1");
        await PullAsync(name, Own);
        await PullAsync(name, Other);

        await SaveAsync(name, Instance.TempPath("a.tar"));
        await SaveAsync(name, Instance.TempPath("b.tar"));

        Assert.True(File.ReadAllBytes(Instance.TempPath("a.tar")).AsSpan().SequenceEqual(File.ReadAllBytes(Instance.TempPath("b.tar"))));
    }

    [Fact]
    public async Task LoadAsync_ArchiveOfSeveralPlatforms_KeepsAllOfThem()
    {
        var image = new PlatformImage(Instance.TempPath("layout"), "x/app:1", Own, Other);
        var archive = await TarAsync(image);

        var loaded = Assert.Single(await Engine.LoadAsync(archive));

        Assert.Equal((image.IdOf(Own), "x/app:1"), (loaded.Id, loaded.Name));
        Assert.Equal([Own, Other], Assert.Single(await Engine.Images.ListAsync()).Platforms.Select(platform => platform.Architecture));
    }

    [Fact]
    public async Task LoadAsync_ArchiveThatLacksAPlatform_KeepsThoseThatAreInIt()
    {
        var image = new PlatformImage(Instance.TempPath("layout"), "x/app:1", Own, Other, "s390x");
        File.Delete(Path.Combine(image.Folder, "blobs", "sha256", image.ManifestOf("s390x")[7..]));
        File.Delete(Path.Combine(image.Folder, "blobs", "sha256", image.IdOf(Other)[7..]));

        await Engine.LoadAsync(await TarAsync(image));

        Assert.Equal([Own], Assert.Single(await Engine.Images.ListAsync()).Platforms.Select(platform => platform.Architecture));
    }

    [Fact]
    public async Task LoadAsync_ArchiveWithoutTheHostsPlatform_IsShownAsItIs()
    {
        var image = new PlatformImage(Instance.TempPath("layout"), "x/app:1", "s390x", Other);

        var loaded = Assert.Single(await Engine.LoadAsync(await TarAsync(image)));

        Assert.Contains(loaded.Id, new[] { image.IdOf("s390x"), image.IdOf(Other) });
        Assert.Equal(2, Assert.Single(await Engine.Images.ListAsync()).Platforms.Count);
    }

    [Fact]
    public async Task LoadAsync_ArchiveWithNothingOfItsIndex_IsRefused()
    {
        var image = new PlatformImage(Instance.TempPath("layout"), "x/app:1", Own, Other);
        File.Delete(Path.Combine(image.Folder, "blobs", "sha256", image.ManifestOf(Own)[7..]));
        File.Delete(Path.Combine(image.Folder, "blobs", "sha256", image.ManifestOf(Other)[7..]));

        await AssertFailsAsync(EngineErrorKind.InvalidArgument, async () => await Engine.LoadAsync(await TarAsync(image)));

        Assert.Empty(Blobs());
        AssertNothingInTheMaking();
    }

    [Fact]
    public async Task LoadAsync_IndexOfMorePlatformsThanThereAre_IsRefused()
    {
        var image = new PlatformImage(
            Instance.TempPath("layout"), "x/app:1", [.. Enumerable.Range(0, 40).Select(number => $"cpu{number}")]);

        var failure = await AssertFailsAsync(EngineErrorKind.InvalidArgument, async () => await Engine.LoadAsync(await TarAsync(image)));

        Assert.Contains("over 32 platforms", failure.Message);
        Assert.Empty(Blobs());
    }

    private async Task SaveAsync(string name, string path)
    {
        await using var file = File.Create(path);
        await Engine.Get<IImageArchives>().SaveAsync([name], file);
    }

    private async Task<string> TarAsync(PlatformImage image)
    {
        var path = Instance.TempPath($"{Guid.NewGuid():N}.tar");
        await Tool.RunAsync("tar", "-C", image.Folder, "-cf", path, ".");
        return path;
    }

    /// <summary>Skopeo checks each digest on the way into a folder.</summary>
    private async Task AssertSkopeoReadsAllAsync(string reference) =>
        await Skopeo.CopyAsync($"docker://{reference}", $"oci:{Instance.TempPath($"{Guid.NewGuid():N}")}:x", "--all");
}
