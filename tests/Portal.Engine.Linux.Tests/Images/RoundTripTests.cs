using System.Text;
using System.Text.Json.Nodes;
using Portal.Engine.Content;
using Portal.Engine.Distribution;
using Portal.Engine.Images;
using Portal.Engine.Images.Committing;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Loading;
using Portal.Engine.Images.Saving;
using Portal.Engine.Linux.Tests.Trees;
using Portal.Engine.Trees;
using Portal.Testing;
using Portal.Testing.Images;
using Portal.Testing.Processes;
using Portal.Testing.Registries;

namespace Portal.Engine.Linux.Tests.Images;

/// <summary>A layer with one of everything, from engine to engine by way of a registry.</summary>
public sealed class RoundTripTests : ImageTestBase
{
    private TestInstance OtherInstance { get; } = new();

    private ImageEngine Other { get; set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Other = new ImageEngine(OtherInstance);
    }

    public override async Task DisposeAsync()
    {
        await Other.DisposeAsync();
        await OtherInstance.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PullCommitPushPull_OneOfEverything_IsTheSameBitForBit(bool isLast)
    {
        await using var registry = await RegistryFixture.StartAsync();
        var below = await Engine.Images.PullAsync(await registry.PushAsync(new TestImageBuilder().AddFile("base", "b"), "base:1"));
        var root = await Engine.MountAsync(below);
        await EveryKind.MakeAsync(root);
        await Tool.RunAsync("rm", root + "/base");
        var expected = await EveryKind.DescribeAsync(root);
        var name = $"{registry.Host}/made:1";
        var made = await CommitAsync(below, name, isLast);

        await Engine.Get<IRegistries>().PushAsync(name, null);
        var pulled = await Other.Images.PullAsync(name);

        Assert.Equal(made.Id, pulled.Id);
        Assert.Equal(made.DiffIds, pulled.DiffIds);
        Assert.Equal(expected, await EveryKind.DescribeAsync(await Other.MountAsync(pulled)));
        Assert.Equal(made.DiffIds[^1], await DigestOfLayerAsync(Engine, made));
        Assert.Equal(made.DiffIds[^1], await DigestOfLayerAsync(Other, pulled));
        Assert.Equal(await SaveAsync(Engine, name), await SaveAsync(Engine, name));
        Assert.Equal(await SaveAsync(Engine, name), await SaveAsync(Other, name));
    }

    private static async Task<string> DigestOfLayerAsync(ImageEngine engine, ImageDetails image)
    {
        using var layer = new MemoryStream();
        await engine.Get<ILayerTrees>().WriteLayerAsync(image.ChainId!, layer);
        return TestImageBuilder.Digest(layer.ToArray());
    }

    private static async Task<string> SaveAsync(ImageEngine engine, string name)
    {
        using var archive = new MemoryStream();
        await engine.Get<IImageArchives>().SaveAsync([name], archive);
        return TestImageBuilder.Digest(archive.ToArray());
    }

    /// <summary>What commit and a build's last step do, short of their configuration.</summary>
    private async Task<ImageDetails> CommitAsync(ImageDetails below, string name, bool isLast)
    {
        using var lease = Engine.Get<ContentLeases>().Begin();
        var content = Engine.Get<ContentStore>();
        var parent = Digest.Parse(below.ChainId, "a layer");
        var layer = await Engine.Get<LayerCommits>().CommitAsync("c1", parent, lease, wasRun: true, isLast, CancellationToken.None);
        var document = new JsonObject
        {
            ["os"] = "linux",
            ["architecture"] = PlatformChoice.Host.Architecture,
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray(below.DiffIds[0], layer.DiffId.ToString()) },
        };
        var configuration = Encoding.UTF8.GetBytes(document.ToJsonString());
        var id = await content.WriteAsync(configuration, CancellationToken.None);
        lease.Hold(id);
        var blobs = new[] { content.FindBlob(Digest.Parse(below.DiffIds[0], "a layer"))!.Value, layer.DiffId };
        return (await Engine.Get<ImageAssembler>().AssembleAsync(
            new ArchivedImage(id, blobs, null, [ImageReference.Parse(name).ToString()]), lease, null, CancellationToken.None))[^1];
    }
}
