using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>Pulls from Debian's registry what skopeo pushed.</summary>
public sealed class PullTests : ImageTestBase
{
    private RegistryFixture _registry = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _registry = await RegistryFixture.StartAsync();
    }

    public override async Task DisposeAsync()
    {
        await _registry.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData("--format v2s2", "1F8B")]
    [InlineData("--format oci", "1F8B")]
    [InlineData("--format oci --dest-compress-format zstd", "28B52FFD")]
    [InlineData("--format v2s2 --dest-decompress", "")]
    public async Task PullAsync_EveryForm_GivesARunningImage(string options, string layerBegin)
    {
        var reference = await _registry.PushAsync(await BusyboxImages.CreateAsync(), "team/box:1", options.Split(' '));
        var reports = new ProgressLog();

        var image = await Engine.Images.PullAsync(reference, progress: reports);

        Assert.Equal([reference], image.Names);
        Assert.StartsWith($"{_registry.Host}/team/box@sha256:", Assert.Single(image.Digests));
        Assert.Equal("hi\n", await Tool.RunAsync("chroot", await Engine.MountAsync(image), "/bin/echo", "hi"));
        Assert.Equal(image.Id, (await Engine.Images.InspectAsync(image.Digests[0])).Id);
        Assert.Contains(reports.All, report => report.Phase == TransferPhase.Downloading);
        Assert.Contains(reports.All, report => report.Phase == TransferPhase.Complete);
        Assert.Equal(TransferPhase.Done, reports.All[^1].Phase);
        var largest = Blobs().MaxBy(path => new FileInfo(path).Length)!;
        Assert.StartsWith(layerBegin, Convert.ToHexString((await File.ReadAllBytesAsync(largest))[..4]));
        AssertNothingInTheMaking();
    }

    [Fact]
    public async Task PullAsync_Again_FetchesNoLayer()
    {
        var reference = await _registry.PushAsync(new TestImageBuilder().AddFile("a", "1").AddFile("b", "2"), "x:1");
        await Engine.Images.PullAsync(reference);
        var before = CountBlobRequests();
        var reports = new ProgressLog();

        await Engine.Images.PullAsync(reference, progress: reports);

        Assert.Equal(before, CountBlobRequests());
        Assert.Equal(2, reports.All.Count(report => report.Phase == TransferPhase.Exists));
    }

    [Fact]
    public async Task PullAsync_TwoImagesAtOnceThatShareLayers_FetchesEachOnce()
    {
        var noise = new byte[8 << 20];
        new Random(1).NextBytes(noise);
        TestImageBuilder Base() => new TestImageBuilder().AddLayer(writer => writer.WriteFile("noise", noise)).AddFile("s", "shared");
        var one = await _registry.PushAsync(Base().AddFile("own", "1"), "one:1");
        var two = await _registry.PushAsync(Base().AddFile("own", "2"), "two:1");

        var images = await Task.WhenAll(Engine.Images.PullAsync(one), Engine.Images.PullAsync(two), Engine.Images.PullAsync(one));

        Assert.Equal("2", await File.ReadAllTextAsync(await Engine.MountAsync(images[1]) + "/own"));
        Assert.Equal(images[0].Id, images[2].Id);
        // 4 different layers, a configuration for each of the three pulls at most.
        Assert.InRange(CountBlobRequests(), 6, 7);
    }

    [Fact]
    public async Task PullAsync_SameBlobTwiceInOneImage_IsFetchedOnce()
    {
        var same = new RawTar().Add("x", data: "x"u8.ToArray()).Build();
        var reference = await _registry.PushAsync(
            new TestImageBuilder().AddRawLayer(same).AddFile("a", "1").AddRawLayer(same), "twice:1");

        var image = await Engine.Images.PullAsync(reference);

        Assert.Equal(3, Layers().Length);
        Assert.Equal(3, CountBlobRequests());
        Assert.True(File.Exists(await Engine.MountAsync(image) + "/x"));
    }

    [Fact]
    public async Task PullAsync_ByDigest_HasNoNameAndIsFoundByItsDigest()
    {
        var reference = await _registry.PushAsync(new TestImageBuilder().AddFile("a", "1"), "x:1");
        var digest = (await Engine.Images.PullAsync(reference)).Digests[0];
        await Engine.Images.RemoveAsync(reference);

        var image = await Engine.Images.PullAsync(digest);

        Assert.Empty(image.Names);
        Assert.Equal([digest], image.Digests);
        var removal = await Engine.Images.RemoveAsync(digest);
        Assert.Equal([digest], removal.Untagged);
        Assert.Empty(Blobs());
    }

    [Fact]
    public async Task PullAsync_MovedTag_LeavesTheOldImageDangling()
    {
        var reference = await _registry.PushAsync(new TestImageBuilder().AddFile("a", "1"), "x:1");
        var old = await Engine.Images.PullAsync(reference);
        await _registry.PushAsync(new TestImageBuilder().AddFile("a", "2"), "x:1");

        var @new = await Engine.Images.PullAsync(reference);

        Assert.NotEqual(old.Id, @new.Id);
        Assert.Equal(@new.Id, (await Engine.Images.InspectAsync(reference)).Id);
        Assert.Empty((await Engine.Images.InspectAsync(old.Id)).Names);
    }

    [Fact]
    public async Task PullAsync_SameLayersAsALoadedImage_FetchesOnlyTheConfiguration()
    {
        var image = new TestImageBuilder().AddFile("a", "1").AddFile("b", "2");
        var archive = Instance.TempPath("image.tar");
        await Skopeo.ExportAsync(image, $"docker-archive:{archive}:loaded:1");
        await Engine.LoadAsync(archive);
        var reference = await _registry.PushAsync(image, "x:1");

        var pulled = await Engine.Images.PullAsync(reference);
        await Engine.Images.RemoveAsync("loaded:1");

        Assert.Equal(0, CountBlobRequests());
        Assert.Equal("2", await File.ReadAllTextAsync(await Engine.MountAsync(pulled) + "/b"));
    }

    [Fact]
    public async Task PullAsync_NoSuchThing_SaysSo()
    {
        var reference = await _registry.PushAsync(new TestImageBuilder().AddFile("a", "1"), "x:1");

        await AssertFailsAsync(EngineErrorKind.NotFound, () => Engine.Images.PullAsync($"{_registry.Host}/x:2"));
        await AssertFailsAsync(EngineErrorKind.NotFound, () => Engine.Images.PullAsync($"{_registry.Host}/nothing/here"));
        await AssertFailsAsync(EngineErrorKind.NotFound, () => Engine.Images.PullAsync($"{_registry.Host}/x@sha256:{new string('0', 64)}"));
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.PullAsync("Bad Name"));
        await AssertFailsAsync(EngineErrorKind.NotFound, () => Engine.Images.PullAsync(reference, new ImagePlatform("linux", "s390x")));
    }

    [Fact]
    public async Task PullAsync_RegistryThatWantsALogin_IsUnauthenticated()
    {
        var users = Instance.TempPath("htpasswd");
        await Tool.RunAsync("htpasswd", "-Bbc", users, "user", "password");
        await using var registry = await RegistryFixture.StartAsync($"auth: {{ htpasswd: {{ realm: test, path: {users} }} }}");

        await AssertFailsAsync(EngineErrorKind.Unauthenticated, () => Engine.Images.PullAsync($"{registry.Host}/x:1"));
    }

    [Fact]
    public async Task PullAsync_NothingListens_IsUnavailableAtOnce()
    {
        var host = _registry.Host;
        await _registry.DisposeAsync();
        _registry = await RegistryFixture.StartAsync();

        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Engine.Images.PullAsync($"{host}/x:1"));
    }

    [Fact]
    public async Task PullAsync_SpoiledBlobInTheRegistry_IsRefusedAndTheRetryWorks()
    {
        var image = new TestImageBuilder().AddFile("a", "1");
        var reference = await _registry.PushAsync(image, "x:1");
        var blobs = Path.Combine(_registry.StorageFolder, "docker", "registry", "v2", "blobs", "sha256");
        var layer = Directory.GetFiles(blobs, "data", SearchOption.AllDirectories).First(path => File.ReadAllBytes(path) is [0x1F, 0x8B, ..]);
        var good = await File.ReadAllBytesAsync(layer);
        var bad = (byte[])good.Clone();
        bad[^3] ^= 1;
        await File.WriteAllBytesAsync(layer, bad);

        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.PullAsync(reference));
        Assert.Empty(await Engine.Images.ListAsync());
        AssertNothingInTheMaking();
        await File.WriteAllBytesAsync(layer, good);

        Assert.Equal("1", await File.ReadAllTextAsync(await Engine.MountAsync(await Engine.Images.PullAsync(reference)) + "/a"));
    }

    private int CountBlobRequests() =>
        _registry.Log.Count(line => line.Contains("\"GET /v2/") && line.Contains("/blobs/sha256:") && line.Contains("portal/1"));
}
