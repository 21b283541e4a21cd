using System.Text.Json.Nodes;
using Portal.Engine.Distribution;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Checking;
using Portal.Engine.Images.Saving;
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

        var raw = JsonNode.Parse(await Tool.RunAsync("skopeo", "inspect", "--raw", "--tls-verify=false", $"docker://{name}"))!;
        Assert.All(raw["layers"]!.AsArray(), layer => Assert.Equal("application/vnd.oci.image.layer.v1.tar+gzip", (string)layer!["mediaType"]!));

        // It decompresses and compares diff ids on the way into a docker-archive.
        await Skopeo.CopyAsync($"docker://{name}", $"docker-archive:{Instance.TempPath("out.tar")}:x:1");
        await Engine.Images.RemoveAsync(name);
        var after = await Engine.Images.PullAsync(name);
        Assert.Equal((before.Id, before.ChainId), (after.Id, after.ChainId));
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

    /// <summary>Loads an image of two layers whose archive holds them compressed by a program.</summary>
    private async Task<ImageDetails> LoadAsync(string program, string name)
    {
        var folder = Directory.CreateDirectory(Instance.TempPath($"{Guid.NewGuid():N}")).FullName;
        var image = new TestImageBuilder().AddFile("one", new string('1', 10_000)).AddFile("two", "2");
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
