using System.Text.Json.Nodes;
using Portal.Engine.Content;
using Portal.Engine.Distribution;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Checking;
using Portal.Engine.Images.Saving;
using Portal.Testing;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>Layers that came in a compression for which there is no media type.</summary>
public sealed class LayerFormTests : ImageTestBase
{
    [Theory]
    [InlineData("bzip2")]
    [InlineData("xz")]
    public async Task PushAsync_LayersThatNoRegistryKnows_GoAsGzipAndAnyoneCanPullThem(string program)
    {
        await using var registry = await RegistryFixture.StartAsync();
        var name = $"{registry.Host}/app:1";
        var before = await LoadAsync(program, name);

        await Engine.Get<IRegistries>().PushAsync(name, null);

        Assert.All(await LayersAsync(name), layer => Assert.Equal("application/vnd.oci.image.layer.v1.tar+gzip", (string)layer!["mediaType"]!));

        // It decompresses and compares diff ids on the way into a docker-archive.
        await Skopeo.CopyAsync($"docker://{name}", $"docker-archive:{Instance.TempPath("out.tar")}:x:1");
        await Engine.Images.RemoveAsync(name);
        var after = await Engine.Images.PullAsync(name);
        Assert.Equal((before.Id, before.ChainId), (after.Id, after.ChainId));
    }

    [Fact]
    public async Task PushAsync_PlainLayers_GoCompressedOnceAndTakeThePlainOnesPlace()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var name = $"{registry.Host}/app:1";
        var image = Large();
        await Engine.LoadAsync(await WriteAsync(image, name));
        await Engine.LoadAsync(await WriteAsync(image.AddFile("above", "it"), "above:1"));

        var first = Assert.Single(await Engine.Get<IRegistries>().PushAsync(name, null));
        var second = Assert.Single(await Engine.Get<IRegistries>().PushAsync(name, null));

        Assert.Equal(first.Digest, second.Digest);
        var layers = await LayersAsync(name);
        Assert.All(layers, layer => Assert.Equal("application/vnd.oci.image.layer.v1.tar+gzip", (string)layer!["mediaType"]!));
        Assert.InRange(layers.Sum(layer => (long)layer!["size"]!), 1, 100_000);

        // Neither of the two that both images have is here a second time; the third is plain until it is pushed.
        var blobs = Blobs().Select(path => $"sha256:{Path.GetFileName(path)}").ToList();
        Assert.Equal([image.DiffIds[2]], blobs.Intersect(image.DiffIds));
        Assert.Equal(2, blobs.Intersect(layers.Select(layer => (string)layer!["digest"]!)).Count());
        Assert.Empty((await Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest())).Problems);
        await Skopeo.CopyAsync($"docker://{name}", $"docker-archive:{Instance.TempPath("out.tar")}:x:1");
    }

    [Fact]
    public async Task PushAsync_LayerThatIsCompressed_GoesWhileAnotherOneIsNot()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var name = $"{registry.Host}/app:1";
        var image = Large();
        await Engine.LoadAsync(await WriteAsync(image, name));
        var isSent = new TaskCompletionSource();
        var first = Digest.Parse(image.DiffIds[0], "a layer").Short;
        var progress = new CallbackProgress<TransferProgress>(step =>
        {
            if (step.Phase == TransferPhase.Complete && step.Item == first)
            {
                isSent.TrySetResult();
            }
        });

        // The second layer's bytes come when the test gives them: first those that tell its form, then all.
        var slow = Blobs().Single(path => path.EndsWith(image.DiffIds[1]["sha256:".Length..], StringComparison.Ordinal));
        var bytes = await File.ReadAllBytesAsync(slow);
        File.Delete(slow);
        await Tool.RunAsync("mkfifo", slow);
        var pushing = Engine.Get<IRegistries>().PushAsync(name, null, progress);
        await Task.Run(() => Give(bytes[..5]));
        try
        {
            await isSent.Task.WaitAsync(TestSettings.Within(TimeSpan.FromSeconds(30)));
        }
        finally
        {
            await Task.Run(() => Give(bytes));
        }

        await pushing;
        await Skopeo.CopyAsync($"docker://{name}", $"docker-archive:{Instance.TempPath("out.tar")}:x:1");

        void Give(byte[] part)
        {
            using var pipe = new FileStream(slow, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            pipe.Write(part);
        }
    }

    [Fact]
    public async Task PushAsync_OfTheSameUnderSeveralNamesAtOnce_GivesAllOfThemTheSame()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var names = Enumerable.Range(1, 6).Select(number => $"{registry.Host}/app{number}:1").ToList();
        await Engine.LoadAsync(await WriteAsync(Large(), names[0]));
        await Task.WhenAll(names.Skip(1).Select(name => Engine.Images.TagAsync(names[0], name)));

        var pushed = await Task.WhenAll(names.Select(name => Engine.Get<IRegistries>().PushAsync(name, null)));

        Assert.Single(pushed.Select(images => Assert.Single(images).Digest).Distinct());
        Assert.Equal(4, Blobs().Length);
    }

    [Theory]
    [InlineData("xz")]
    [InlineData("bzip2")]
    public async Task PushAsync_PlainLayersThatAreHereInAFormNobodyReadsToo_GoAsGzip(string program)
    {
        await using var registry = await RegistryFixture.StartAsync();
        var name = $"{registry.Host}/app:1";
        var image = Two();
        await Engine.LoadAsync(await WriteAsync(image, name));
        foreach (var diffId in image.DiffIds)
        {
            // As a load notes it that unpacks them from another archive.
            var compressed = await CompressAsync(image.Layers[image.DiffIds.ToList().IndexOf(diffId)], program);
            Engine.Get<ContentStore>().NoteDiffId(Digest.Parse(diffId, "a layer"), await Engine.Get<ContentStore>().WriteAsync(compressed, default));
        }

        await Engine.Get<IRegistries>().PushAsync(name, null);

        Assert.All(await LayersAsync(name), layer => Assert.Equal("application/vnd.oci.image.layer.v1.tar+gzip", (string)layer!["mediaType"]!));
        await Skopeo.CopyAsync($"docker://{name}", $"docker-archive:{Instance.TempPath("out.tar")}:x:1");
    }

    [Fact]
    public async Task LoadAsync_OfWhatIsHereInAnotherForm_LeavesNothingOver()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var name = $"{registry.Host}/app:1";
        await Engine.LoadAsync(await WriteAsync(Large(), name));
        await Engine.Get<IRegistries>().PushAsync(name, null);
        var archive = Instance.TempPath("saved.tar");
        await using (var file = File.Create(archive))
        {
            await Engine.Get<IImageArchives>().SaveAsync([name], file);
        }

        await Engine.LoadAsync(archive);
        await Engine.Images.PullAsync(name);

        Assert.Equal(0, await Engine.Collector.CollectAsync(TimeSpan.Zero));
        Assert.Equal(4, Blobs().Length);
    }

    [Fact]
    public async Task PushAsync_LayersThatAManifestNamesPlain_StayAsTheyCame()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var source = await registry.PushAsync(Large(), "from/app:1", "--dest-decompress");
        await Engine.Images.PullAsync(source);
        var digest = (await Engine.Images.InspectAsync(source)).Digests[0].Split('@')[1];
        await Engine.Images.TagAsync(source, $"{registry.Host}/to/app:1");

        Assert.Equal(digest, Assert.Single(await Engine.Get<IRegistries>().PushAsync($"{registry.Host}/to/app:1", null)).Digest);
    }

    [Fact]
    public async Task PushAsync_CancelledWhileLayersAreCompressed_LeavesTheImageAsItWas()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var name = $"{registry.Host}/app:1";
        await Engine.LoadAsync(await WriteAsync(Large(), name));
        var before = Blobs().Order().ToList();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Engine.Get<IRegistries>().PushAsync(name, null, cancellationToken: stop.Token));

        AssertNothingInTheMaking();
        Assert.Equal(before, Blobs().Order());
        await Engine.Get<IRegistries>().PushAsync(name, null);
    }

    [Fact]
    public async Task SaveAsync_LayerInXz_IsReadByOthers()
    {
        var image = await LoadAsync("xz", "x/app:1");
        var archive = Instance.TempPath("saved.tar");
        await using (var file = File.Create(archive))
        {
            await Engine.Get<IImageArchives>().SaveAsync(["x/app:1"], file);
        }

        await Skopeo.CopyAsync($"oci-archive:{archive}:1", $"docker-archive:{Instance.TempPath("out.tar")}:x:1");

        // The new form takes the old one's place.
        await Engine.Collector.CollectAsync(TimeSpan.Zero);
        Assert.Empty((await Engine.Get<IStoreCheck>().RunAsync(new StoreCheckRequest())).Problems);
        Assert.Equal(image.Id, (await Engine.Images.InspectAsync("x/app:1")).Id);
        Assert.Equal(4, Blobs().Length);
    }

    [Fact]
    public async Task PushAsync_LayerInXzThatTheDiskSpoiled_IsRefused()
    {
        await using var registry = await RegistryFixture.StartAsync();
        var name = $"{registry.Host}/app:1";
        await LoadAsync("xz", name);
        var blob = Blobs().First(path => File.ReadAllBytes(path) is [0xFD, ..]);
        var bytes = await File.ReadAllBytesAsync(blob);
        bytes[bytes.Length / 2] ^= 0x55;
        await File.WriteAllBytesAsync(blob, bytes);

        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Get<IRegistries>().PushAsync(name, null));

        AssertNothingInTheMaking();
    }

    private static TestImageBuilder Two() => new TestImageBuilder().AddFile("one", new string('1', 10_000)).AddFile("two", "2");

    private async Task<byte[]> CompressAsync(byte[] content, string program)
    {
        var path = Instance.TempPath($"{Guid.NewGuid():N}.tar");
        await File.WriteAllBytesAsync(path, content);
        await Tool.RunAsync(program, path);
        return await File.ReadAllBytesAsync(Directory.GetFiles(Path.GetDirectoryName(path)!, $"{Path.GetFileName(path)}.*").Single());
    }

    private static TestImageBuilder Large() =>
        new TestImageBuilder().AddFile("one", new string('1', 1_000_000)).AddFile("two", new string('2', 1_000_000));

    private static async Task<JsonArray> LayersAsync(string name) =>
        JsonNode.Parse(await Tool.RunAsync("skopeo", "inspect", "--raw", "--tls-verify=false", $"docker://{name}"))!["layers"]!.AsArray();

    /// <summary>Loads an image of two layers whose archive holds them compressed by a program.</summary>
    private async Task<ImageDetails> LoadAsync(string program, string name)
    {
        var folder = Directory.CreateDirectory(Instance.TempPath($"{Guid.NewGuid():N}")).FullName;
        var image = Two();
        var layers = new JsonArray();
        for (var place = 0; place < image.Layers.Count; place++)
        {
            var path = Path.Combine(folder, $"{place}.tar");
            await File.WriteAllBytesAsync(path, image.Layers[place]);
            await Tool.RunAsync(program, path);
            var compressed = Directory.GetFiles(folder, $"{place}.tar.*").Single();
            layers.Add(Path.GetFileName(compressed));
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, "config.json"), image.BuildConfig());
        var manifest = new JsonArray(new JsonObject
        {
            ["Config"] = "config.json", ["RepoTags"] = new JsonArray(name), ["Layers"] = layers,
        });
        await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), manifest.ToJsonString());
        var archive = Instance.TempPath($"{Guid.NewGuid():N}.tar");
        await Tool.RunAsync("tar", "-C", folder, "-cf", archive, ".");
        await Engine.LoadAsync(archive);
        return await Engine.Images.InspectAsync(name);
    }
}
