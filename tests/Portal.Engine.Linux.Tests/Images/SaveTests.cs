using System.Text.Json.Nodes;
using Portal.Engine.Errors;
using Portal.Engine.Images.Saving;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

public sealed class SaveTests : ImageTestBase
{
    [Fact]
    public async Task SaveAsync_TwoImagesThatShareALayer_ComeBackWithIdsAndNames()
    {
        var archive = await SaveTwoAsync();
        var before = await Engine.Images.InspectAsync("b/two:2");
        await Engine.Images.RemoveAsync("a/one:1");
        await Engine.Images.RemoveAsync("b/two:2");
        Assert.Empty(Blobs());

        var loaded = await Engine.LoadAsync(archive);

        Assert.Equal(["a/one:1", "b/two:2"], loaded.Select(image => image.Name!).Order());
        var after = await Engine.Images.InspectAsync("b/two:2");
        Assert.Equal(before.Id, after.Id);
        Assert.Equal(before.DiffIds, after.DiffIds);
        var names = (await Tool.RunAsync("tar", "-tf", archive)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public async Task SaveAsync_SameImagesTwice_GivesTheSameBytes()
    {
        var first = await File.ReadAllBytesAsync(await SaveTwoAsync());

        Assert.Equal(first, await File.ReadAllBytesAsync(await SaveAsync("again.tar", "a/one:1", "b/two:2")));
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public async Task SaveAsync_Archive_IsReadBySkopeo(string format)
    {
        await using var registry = await RegistryFixture.StartAsync();
        await Engine.Images.PullAsync(await registry.PushAsync(Image("one"), "one:1"));
        var id = (await Engine.Images.InspectAsync($"{registry.Host}/one:1")).Id;
        var archive = await SaveAsync("image.tar", $"{registry.Host}/one:1");

        var inspected = JsonNode.Parse(await Tool.RunAsync("skopeo", "inspect", "--raw", $"{format}:{archive}"))!;

        Assert.Equal(id, (string)inspected["config"]!["digest"]!);
    }

    [Fact]
    public async Task SaveAsync_RepositoryWithoutTag_SavesAllItsTags()
    {
        await Engine.LoadAsync(await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("in.tar"), "box:1"));
        await Engine.Images.TagAsync("box:1", "box:2");
        await Engine.Images.TagAsync("box:1", "other:3");
        var archive = await SaveAsync("out.tar", "box");

        var manifest = JsonNode.Parse(await Tool.RunAsync("tar", "-xOf", archive, "manifest.json"))!.AsArray();

        Assert.Equal("""["box:1","box:2"]""", Assert.Single(manifest)!["RepoTags"]!.ToJsonString());
    }

    [Fact]
    public async Task SaveAsync_ById_HasNoName()
    {
        var loaded = Assert.Single(await Engine.LoadAsync(
            await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("in.tar"), "box:1")));
        var archive = await SaveAsync("out.tar", loaded.Id);
        await Engine.Images.RemoveAsync("box:1");

        var again = Assert.Single(await Engine.LoadAsync(archive));

        Assert.Null(again.Name);
        Assert.Equal(loaded.Id, again.Id);
    }

    [Fact]
    public async Task SaveAsync_UnknownImage_WritesNothing()
    {
        await Engine.LoadAsync(await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("in.tar"), "box:1"));
        using var output = new MemoryStream();

        await AssertFailsAsync(
            EngineErrorKind.NotFound, () => Engine.Get<IImageArchives>().SaveAsync(["box:1", "missing:1"], output));

        Assert.Equal(0, output.Length);
    }

    private static TestImageBuilder Image(string name) => new TestImageBuilder().AddFile("shared", "both").AddFile("own", name);

    private async Task<string> SaveTwoAsync()
    {
        await using var registry = await RegistryFixture.StartAsync();
        foreach (var (image, name) in new[] { ("one", "a/one:1"), ("two", "b/two:2") })
        {
            var pulled = await registry.PushAsync(Image(image), name);
            await Engine.Images.PullAsync(pulled);
            await Engine.Images.TagAsync(pulled, name);
            await Engine.Images.RemoveAsync(pulled);
        }

        return await SaveAsync("two.tar", "a/one:1", "b/two:2");
    }

    private async Task<string> SaveAsync(string file, params string[] references)
    {
        var path = Instance.TempPath(file);
        await using var output = File.Create(path);
        await Engine.Get<IImageArchives>().SaveAsync(references, output);
        return path;
    }
}
