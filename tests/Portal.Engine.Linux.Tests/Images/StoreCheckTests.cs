using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Checking;
using Portal.Testing.Images;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

public sealed class StoreCheckTests : ImageTestBase
{
    private static readonly StoreCheckRequest s_mend = new() { Mend = true };

    private string DataRoot => Instance.DataRoot;

    [Fact]
    public async Task RunAsync_SoundStore_FindsNothing()
    {
        await LoadAsync();
        var progress = new CheckLog();

        var report = await Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest(), progress);

        Assert.Empty(report.Problems);
        Assert.True(report.IsSound);
        Assert.Equal((4, 2, 1), (report.Blobs, report.Layers, report.Images));
        Assert.Equal(0, report.UnusedBytes);
        Assert.Contains(progress.All, news => news is { Phase: StoreCheckPhase.Contents } && news.Current == report.Bytes);
        Assert.Contains(progress.All, news => news is { Phase: StoreCheckPhase.Images, Current: 1, Total: 1 });
    }

    [Fact]
    public async Task RunAsync_DamagedBlobOfPulledImage_IsFoundThenFetchedAgain()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var image = await Engine.Images.PullAsync(await registry.PushAsync(Image(), "x:1"));
        var blob = BiggestBlob();
        Spoil(blob);

        var found = await CheckAsync(new StoreCheckRequest());
        Assert.Equal(
            [(StoreProblemKind.DamagedContent, StoreProblemOutcome.Found)], found.Problems.Select(problem => (problem.Kind, problem.Outcome)));
        Assert.False(found.IsSound);

        var mended = await CheckAsync(s_mend);
        Assert.True(mended.IsSound);
        Assert.Equal(
            [StoreProblemOutcome.Removed, StoreProblemOutcome.Mended], mended.Problems.Select(problem => problem.Outcome));
        Assert.Empty((await CheckAsync(new StoreCheckRequest())).Problems);
        Assert.Equal([$"{registry.Host}/x:1"], (await Engine.Images.InspectAsync(image.Id)).Names);
    }

    [Theory]
    [InlineData("configuration")]
    [InlineData("manifest")]
    [InlineData("layer")]
    [InlineData("everything")]
    public async Task RunAsync_LostBlobsOfPulledImage_AreFetchedAgain(string what)
    {
        await using var registry = await RegistryFixture.StartAsync();
        var image = await Engine.Images.PullAsync(await registry.PushAsync(Image(), "x:1"));
        foreach (var path in Blobs().Where(path => what == "everything" || KindOf(path) == what))
        {
            File.Delete(path);
        }

        var report = await CheckAsync(s_mend with { ReadContents = false });

        Assert.Equal((StoreProblemKind.BrokenImage, StoreProblemOutcome.Mended), (report.Problems[0].Kind, report.Problems[0].Outcome));
        Assert.True(report.IsSound);
        await AssertRunsAsync(image.Id);
        Assert.Empty((await CheckAsync(new StoreCheckRequest())).Problems);
    }

    [Fact]
    public async Task RunAsync_ConfigurationSpoiledAndContentsNotRead_IsFoundAllTheSame()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var image = await Engine.Images.PullAsync(await registry.PushAsync(Image(), "x:1"));
        Spoil(Path.Combine(DataRoot, "content", "blobs", "sha256", image.Id[7..]));

        Assert.True((await CheckAsync(s_mend with { ReadContents = false })).IsSound);

        Assert.Equal(image.Id, Assert.Single(await Engine.Images.ListAsync()).Id);
        await AssertRunsAsync(image.Id);
    }

    [Fact]
    public async Task RunAsync_DamagedLayer_IsUnpackedAgainFromItsBlob()
    {
        var id = await LoadAsync();
        var (damaged, gone) = (Layers()[0], Layers()[1]);
        File.WriteAllText(Directory.GetFiles(damaged + "/diff").Single(), "changed to something longer");
        Directory.Delete(gone + "/diff", recursive: true);

        var found = await CheckAsync(new StoreCheckRequest());
        Assert.Equal(2, found.Problems.Count);
        Assert.All(found.Problems, problem => Assert.Equal(StoreProblemKind.DamagedLayer, problem.Kind));

        Assert.True((await CheckAsync(s_mend)).IsSound);
        await AssertRunsAsync(id);
        Assert.Empty((await CheckAsync(new StoreCheckRequest())).Problems);
    }

    [Fact]
    public async Task RunAsync_DamagedLayerUnderAContainer_StaysAndIsToldOf()
    {
        var id = await LoadAsync();
        var root = await Engine.MountAsync(await Engine.Images.InspectAsync(id));
        Directory.Delete(Layers()[0] + "/diff", recursive: true);

        var report = await CheckAsync(s_mend);

        Assert.Equal(StoreProblemOutcome.Broken, Assert.Single(report.Problems).Outcome);
        Assert.Equal(2, Layers().Length);
        Assert.True(Directory.Exists(root));
    }

    [Fact]
    public async Task RunAsync_LostManifestWithoutASource_IsMadeAnew()
    {
        var id = await LoadAsync();
        File.Delete(Blobs().Single(path => KindOf(path) == "manifest"));

        Assert.True((await CheckAsync(s_mend)).IsSound);

        Assert.Empty((await CheckAsync(new StoreCheckRequest())).Problems);
        await AssertRunsAsync(id);
    }

    [Fact]
    public async Task RunAsync_LostLayerOfAnImageMadeHere_IsWrittenAgainFromTheUnpackedOne()
    {
        var id = await LoadAsync();
        await Engine.MountAsync(await Engine.Images.InspectAsync(id));
        await File.WriteAllTextAsync(Path.Combine(DataRoot, "overlay", "roots", "c1", "merged", "c"), "333");
        string committed;
        using (var lease = Engine.Get<Content.ContentLeases>().Begin())
        {
            var image = await Engine.Images.InspectAsync(id);
            var parent = Content.Digest.Parse(image.ChainId, "a layer");
            var layer = await Engine.Get<Portal.Engine.Images.Committing.LayerCommits>().CommitAsync("c1", parent, lease, true, false, default);
            committed = await RegisterAsync(image, layer.DiffId.ToString(), lease);
            File.Delete(Path.Combine(DataRoot, "content", "blobs", "sha256", layer.DiffId.Hex));
        }

        await Engine.Snapshotter.RemoveAsync("c1");

        var report = await CheckAsync(s_mend);

        Assert.Equal((committed, StoreProblemOutcome.Mended), (Assert.Single(report.Problems).Subject, report.Problems[0].Outcome));
        Assert.Empty((await CheckAsync(new StoreCheckRequest())).Problems);
    }

    [Fact]
    public async Task RunAsync_WhatCanNotBeMended_IsMarkedUntilItIsLoadedAgain()
    {
        var id = await LoadAsync();
        File.Delete(Path.Combine(DataRoot, "content", "blobs", "sha256", id[7..]));

        var report = await CheckAsync(s_mend);

        Assert.Equal(StoreProblemOutcome.Broken, Assert.Single(report.Problems).Outcome);
        Assert.False(report.IsSound);
        await Engine.DisposeAsync();
        Engine = Open();
        Assert.Contains("configuration", Assert.Single(await Engine.Images.ListAsync()).Problem);
        await LoadAsync();
        Assert.Null(Assert.Single(await Engine.Images.ListAsync()).Problem);
    }

    [Fact]
    public async Task RunAsync_UnusedAndForeignThings_AreToldOfAndThenRemoved()
    {
        await LoadAsync();
        var blobs = Path.Combine(DataRoot, "content", "blobs", "sha256");
        await File.WriteAllTextAsync(Path.Combine(blobs, TestImageBuilder.Digest("unused"u8.ToArray())[7..]), "unused");
        await File.WriteAllTextAsync(Path.Combine(blobs, "notes.txt"), "x");
        Directory.CreateDirectory(Path.Combine(blobs, "folder", "in"));

        var found = await CheckAsync(new StoreCheckRequest());
        Assert.Equal((6, 0), (found.UnusedBytes, found.FreedBytes));
        Assert.Equal(["folder", "notes.txt"], found.Problems.Select(problem => problem.Subject).Order());

        Assert.Equal(6, (await CheckAsync(s_mend)).FreedBytes);
        Assert.Equal(4, Directory.GetFileSystemEntries(blobs).Length);
    }

    [Fact]
    public async Task RunAsync_RootWithoutItsLayers_IsToldOf()
    {
        var id = await LoadAsync();
        await Engine.MountAsync(await Engine.Images.InspectAsync(id));
        await Engine.Snapshotter.UnmountAsync("c1");
        await Engine.DisposeAsync();
        Directory.Delete(Layers()[0], recursive: true);
        Directory.Delete(Layers()[0], recursive: true);
        Engine = Open();

        var report = await CheckAsync(new StoreCheckRequest());

        Assert.Contains(report.Problems, problem => problem is { Kind: StoreProblemKind.BrokenRoot, Subject: "c1" });

        // The layers come back with the mending, and the root with them.
        Assert.DoesNotContain((await CheckAsync(s_mend)).Problems, problem => problem.Kind == StoreProblemKind.BrokenRoot);
        await Engine.Snapshotter.MountAsync("c1");
    }

    [Fact]
    public async Task RunAsync_SecondAtOnceOrCancelled_SaysSo()
    {
        await LoadAsync();
        using var stop = new CancellationTokenSource();
        Task<EngineException>? second = null;
        var progress = new CallbackProgress<StoreCheckProgress>(_ =>
        {
            second ??= AssertFailsAsync(EngineErrorKind.Conflict, () => CheckAsync(new StoreCheckRequest()));
            stop.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest(), progress, stop.Token));

        await second!;
        Assert.Empty((await CheckAsync(new StoreCheckRequest())).Problems);
    }

    private static TestImageBuilder Image() => new TestImageBuilder().AddFile("a", "1").AddFile("b", "22");

    private static void Spoil(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static string KindOf(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes[0] != '{' ? "layer" : bytes.AsSpan().IndexOf("\"layers\":"u8) >= 0 ? "manifest" : "configuration";
    }

    private string BiggestBlob() => Blobs().Where(path => KindOf(path) == "layer").MaxBy(path => new FileInfo(path).Length)!;

    private Task<StoreCheckReport> CheckAsync(StoreCheckRequest request) => Engine.Get<IStoreCheck>().RunAsync(request);

    private async Task<string> LoadAsync()
    {
        var path = Instance.TempPath($"{Guid.NewGuid():N}.tar");
        await Skopeo.ExportAsync(Image(), $"docker-archive:{path}:x:1");
        return Assert.Single(await Engine.LoadAsync(path)).Id;
    }

    /// <summary>An image of the layers of another one and one more.</summary>
    private async Task<string> RegisterAsync(ImageDetails below, string diffId, Content.ContentLease lease)
    {
        var content = Engine.Get<Content.ContentStore>();
        var layers = string.Join(',', below.DiffIds.Append(diffId).Select(layer => $"\"{layer}\""));
        var configuration = System.Text.Encoding.UTF8.GetBytes(
            $$"""{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[{{layers}}] } }""");
        var id = await content.WriteAsync(configuration, default);
        var blobs = below.DiffIds.Append(diffId).Select(layer => content.FindBlob(Content.Digest.Parse(layer, "a layer"))!.Value);
        var image = new Portal.Engine.Images.Loading.ArchivedImage(id, [.. blobs], null, ["made:here"]);
        await Engine.Get<Portal.Engine.Images.Loading.ImageAssembler>().AssembleAsync(image, lease, null, default);
        return id.ToString();
    }

    private async Task AssertRunsAsync(string id)
    {
        var root = await Engine.MountAsync(await Engine.Images.InspectAsync(id));
        Assert.Equal(("1", "22"), (await File.ReadAllTextAsync(root + "/a"), await File.ReadAllTextAsync(root + "/b")));
        await Engine.Snapshotter.RemoveAsync("c1");
    }

    private sealed class CheckLog : IProgress<StoreCheckProgress>
    {
        private readonly List<StoreCheckProgress> _all = [];

        public IReadOnlyList<StoreCheckProgress> All
        {
            get
            {
                lock (_all)
                {
                    return [.. _all];
                }
            }
        }

        public void Report(StoreCheckProgress value)
        {
            lock (_all)
            {
                _all.Add(value);
            }
        }
    }
}
