using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Images;

public sealed class LoadTests : ImageTestBase
{
    [Fact]
    public async Task LoadAsync_DockerArchiveOfSkopeo_RunsAndHasItsName()
    {
        var path = await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("image.tar"), "example.com/team/box:1.0");

        var loaded = Assert.Single(await Engine.LoadAsync(path));

        Assert.Equal("example.com/team/box:1.0", loaded.Name);
        var image = await Engine.Images.InspectAsync("example.com/team/box:1.0");
        Assert.Equal(loaded.Id, image.Id);
        Assert.Equal(["sh"], image.Config.Command);
        Assert.Equal("hi\n", await Tool.RunAsync("chroot", await Engine.MountAsync(image), "/bin/sh", "-c", "echo hi"));
        AssertNothingInTheMaking();
    }

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task LoadAsync_OciArchiveOfSkopeo_RunsWhateverItsCompression(string compression)
    {
        var path = await BusyboxImages.WriteOciArchiveAsync(Instance.TempPath("image.tar"), "box:2");
        if (compression.Length > 0)
        {
            await Tool.RunAsync(compression, "-f", path);
            path += compression == "gzip" ? ".gz" : ".zst";
        }

        var loaded = Assert.Single(await Engine.LoadAsync(path));

        Assert.Equal("box:2", loaded.Name);
        var root = await Engine.MountAsync(await Engine.Images.InspectAsync("box:2"));
        Assert.Equal("hi\n", await Tool.RunAsync("chroot", root, "/bin/echo", "hi"));
    }

    [Fact]
    public async Task LoadAsync_OciArchiveWithTagOnly_IsDanglingAndFoundById()
    {
        var path = await BusyboxImages.WriteOciArchiveAsync(Instance.TempPath("image.tar"), "latest");

        var loaded = Assert.Single(await Engine.LoadAsync(path));

        Assert.Null(loaded.Name);
        Assert.Empty((await Engine.Images.InspectAsync(loaded.Id[7..19])).Names);
    }

    [Fact]
    public async Task LoadAsync_OldFormWithLinkedLayers_FollowsTheLinks()
    {
        var image = new TestImageBuilder().AddFile("a", "same").AddFile("b", "other");
        var layers = image.Layers;
        var archive = new RawTar()
            .Add("one/", '5').Add("one/layer.tar", data: layers[0]).Add("one/VERSION", data: "1.0"u8.ToArray())
            .Add("two/layer.tar", '2', link: "../three/layer.tar")
            .Add("three/layer.tar", data: layers[1])
            .Add("config.json", data: image.BuildConfig())
            .Add("repositories", data: "{}"u8.ToArray())
            .Add("manifest.json", data: DockerManifest("config.json", ["old:1", "old:2"], "one/layer.tar", "two/layer.tar"))
            .Build();

        var loaded = await Engine.Images.LoadAsync(new MemoryStream(archive));

        Assert.Equal(["old:1", "old:2"], loaded.Select(one => one.Name));
        var root = await Engine.MountAsync(await Engine.Images.InspectAsync("old:2"));
        Assert.Equal("sameother", await File.ReadAllTextAsync(root + "/a") + await File.ReadAllTextAsync(root + "/b"));
    }

    [Fact]
    public async Task LoadAsync_DescriptionFirstOrLast_IsTheSameImage()
    {
        var image = new TestImageBuilder().AddFile("a", "1");
        var layer = image.Layers[0];
        var manifest = DockerManifest("c.json", ["x"], "l.tar");
        var first = new RawTar().Add("manifest.json", data: manifest).Add("c.json", data: image.BuildConfig()).Add("l.tar", data: layer).Build();
        var last = new RawTar().Add("l.tar", data: layer).Add("c.json", data: image.BuildConfig()).Add("./manifest.json", data: manifest).Build();

        var one = await Engine.Images.LoadAsync(new MemoryStream(first));
        var two = await Engine.Images.LoadAsync(new MemoryStream(last));

        Assert.Equal(one, two);
        Assert.Equal(3, Blobs().Length);
    }

    [Fact]
    public async Task LoadAsync_GzippedLayerInDockerArchive_IsUnpacked()
    {
        var image = new TestImageBuilder().AddFile("a", "1");
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            await gzip.WriteAsync(image.Layers[0]);
        }

        var archive = new RawTar().Add("l.tar", data: compressed.ToArray()).Add("c.json", data: image.BuildConfig())
            .Add("manifest.json", data: DockerManifest("c.json", ["x"], "l.tar")).Build();

        await Engine.Images.LoadAsync(new MemoryStream(archive));

        Assert.True(File.Exists(await Engine.MountAsync(await Engine.Images.InspectAsync("x")) + "/a"));
    }

    [Fact]
    public async Task LoadAsync_ReportsProgressAndTheResult()
    {
        var path = await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("image.tar"));
        var reports = new ProgressLog();

        await Engine.LoadAsync(path, reports);

        Assert.Contains(reports.All, report => report is { Item: "archive", Phase: TransferPhase.Downloading });
        Assert.Contains(reports.All, report => report.Phase == TransferPhase.Complete);
        Assert.Equal("Loaded image: busybox:latest", reports.All[^1].Message);
    }

    /// <summary>The cases by name: as theory data, megabytes of bytes would be serialized by the runner.</summary>
    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    private static Dictionary<string, byte[]> Broken
    {
        get
        {
            var image = new TestImageBuilder().AddFile("a", "1");
            var config = image.BuildConfig();
            var layer = image.Layers[0];
            byte[] manifest = DockerManifest("c.json", ["x"], "l.tar");
            RawTar Good() => new RawTar().Add("l.tar", data: layer).Add("c.json", data: config);
            var oci = OciEntries(image);
            return new()
            {
                { "empty", [] },
                { "no archive", Encoding.UTF8.GetBytes(new string('x', 3000)) },
                { "no image in it", new RawTar().Add("file", data: [1]).Build() },
                { "malformed manifest", Good().Add("manifest.json", data: "[{"u8.ToArray()).Build() },
                { "manifest of null", Good().Add("manifest.json", data: "null"u8.ToArray()).Build() },
                { "manifest with null entries", Good().Add("manifest.json", data: "[{\"Config\":null}]"u8.ToArray()).Build() },
                { "duplicate members", Good().Add("manifest.json", data: "[{\"Config\":\"a\",\"Config\":\"c.json\",\"Layers\":[]}]"u8.ToArray()).Build() },
                { "giant manifest", Good().Add("manifest.json", data: new byte[5 << 20]).Build() },
                { "null for an image", Good().Add("manifest.json", data: "[null]"u8.ToArray()).Build() },
                { "null for a layer", Good().Add("manifest.json", data: "[{\"Config\":\"c.json\",\"Layers\":[null]}]"u8.ToArray()).Build() },
                { "null for a name", Good().Add("manifest.json", data: "[{\"Config\":\"c.json\",\"RepoTags\":[null],\"Layers\":[\"l.tar\"]}]"u8.ToArray()).Build() },
                { "null in an index", new RawTar().Add("index.json", data: "{\"schemaVersion\":2,\"manifests\":[null]}"u8.ToArray()).Build() },
                { "no images listed", Good().Add("manifest.json", data: "[]"u8.ToArray()).Build() },
                { "layer missing", new RawTar().Add("c.json", data: config).Add("manifest.json", data: manifest).Build() },
                { "configuration missing", new RawTar().Add("l.tar", data: layer).Add("manifest.json", data: manifest).Build() },
                { "configuration malformed", new RawTar().Add("l.tar", data: layer).Add("c.json", data: "{}"u8.ToArray()).Add("manifest.json", data: manifest).Build() },
                { "layers do not fit", Good().Add("manifest.json", data: DockerManifest("c.json", ["x"], "l.tar", "l.tar")).Build() },
                { "another layer", new RawTar().Add("l.tar", data: new RawTar().Add("evil").Build()).Add("c.json", data: config).Add("manifest.json", data: manifest).Build() },
                { "bad name", Good().Add("manifest.json", data: DockerManifest("c.json", ["../../UP"], "l.tar")).Build() },
                { "file twice", Good().Add("c.json", data: "{}"u8.ToArray()).Add("manifest.json", data: manifest).Build() },
                { "links in a circle", new RawTar().Add("l.tar", '2', link: "m.tar").Add("m.tar", '2', link: "l.tar").Add("c.json", data: config).Add("manifest.json", data: manifest).Build() },
                { "link out of the archive", new RawTar().Add("l.tar", '2', link: "../../etc/passwd").Add("c.json", data: config).Add("manifest.json", data: manifest).Build() },
                { "device in the archive", Good().Add("dev", '3', major: 1, minor: 3).Add("manifest.json", data: manifest).Build() },
                { "cut off", [.. Good().Add("manifest.json", data: manifest).Build().Take(700)] },
                { "damaged gzip", [0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8] },
                { "bzip2", "BZh91AY"u8.ToArray() },
                { "blob with another digest", oci.Add($"blobs/sha256/{new string('a', 64)}", data: [1]).Add("index.json", data: OciIndex($"sha256:{new string('a', 64)}", 1)).Build() },
                { "blob that is missing", new RawTar().Add("index.json", data: OciIndex($"sha256:{new string('b', 64)}", 5)).Build() },
                { "digest of another kind", new RawTar().Add("index.json", data: OciIndex("md5:d41d8cd98f00b204e9800998ecf8427e", 5)).Build() },
                { "digest with a path", new RawTar().Add("index.json", data: OciIndex("sha256:../../../../etc/passwd", 5)).Build() },
                { "index of schema 1", new RawTar().Add("index.json", data: "{\"schemaVersion\":1}"u8.ToArray()).Build() },
            };
        }
    }

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public async Task LoadAsync_BrokenArchive_IsRefusedAndNothingIsLeft(string what)
    {
        var archive = new MemoryStream(Broken[what]);

        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.LoadAsync(archive));

        Assert.Empty(await Engine.Images.ListAsync());
        Assert.Empty(Blobs());
        AssertNothingInTheMaking();
    }

    [Fact]
    public async Task LoadAsync_ArchiveThatBlowsUp_IsRefusedAtTheBound()
    {
        await Engine.DisposeAsync();
        Engine = Open(change: options => options with { LayerLimits = new TarLimits { MaxBytes = 1 << 20 } });
        using var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(new RawTar().Add("zeros", data: new byte[3 << 20]).Build());
        }

        bomb.Position = 0;
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => Engine.Images.LoadAsync(bomb));

        Assert.Empty(Blobs());
        AssertNothingInTheMaking();
    }

    [Fact]
    public async Task LoadAsync_DiskFull_IsUnavailableAndNothingIsLeft()
    {
        var small = Directory.CreateDirectory(Path.Combine(Instance.DataRoot, "small")).FullName;
        await Tool.RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small);
        await Engine.DisposeAsync();
        Engine = Open(change: options => options with { DataRoot = small });
        var path = await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("image.tar"));

        await AssertFailsAsync(EngineErrorKind.Unavailable, () => Engine.LoadAsync(path));

        Assert.Empty(Directory.GetFiles(Path.Combine(small, "content"), "*", SearchOption.AllDirectories));
        Assert.Empty(await Engine.Images.ListAsync());
    }

    [Fact]
    public async Task LoadAsync_NullsInTheConfiguration_AreEmptyTexts()
    {
        var image = new TestImageBuilder().AddFile("a", "1");
        var config = Encoding.UTF8.GetString(image.BuildConfig()).Replace(
            "\"config\":{", "\"config\":{\"Labels\":{\"a\":null},\"Cmd\":[\"x\",null],", StringComparison.Ordinal);
        var archive = new RawTar().Add("l.tar", data: image.Layers[0]).Add("c.json", data: Encoding.UTF8.GetBytes(config))
            .Add("manifest.json", data: DockerManifest("c.json", ["x"], "l.tar")).Build();

        await Engine.Images.LoadAsync(new MemoryStream(archive));

        var details = await Engine.Images.InspectAsync("x");
        Assert.Equal(["x", ""], details.Config.Command);
        Assert.Equal("", details.Config.Labels["a"]);
    }

    [Fact]
    public async Task LoadAsync_Cancelled_LeavesNothing()
    {
        using var stop = new CancellationTokenSource();
        var path = await BusyboxImages.WriteDockerArchiveAsync(Instance.TempPath("image.tar"));
        await using var archive = File.OpenRead(path);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Engine.Images.LoadAsync(
            archive, new CallbackProgress<TransferProgress>(_ => stop.Cancel()), stop.Token));

        Assert.Empty(await Engine.Images.ListAsync());
        Assert.Empty(Blobs());
        AssertNothingInTheMaking();
    }

    private static byte[] DockerManifest(string config, string[] names, params string[] layers)
    {
        return JsonSerializer.SerializeToUtf8Bytes(new[] { new { Config = config, RepoTags = names, Layers = layers } });
    }

    private static RawTar OciEntries(TestImageBuilder image) => new RawTar().Add("c", data: image.BuildConfig());

    private static byte[] OciIndex(string digest, long size)
    {
        var descriptor = new JsonObject { ["mediaType"] = "application/vnd.oci.image.manifest.v1+json", ["digest"] = digest, ["size"] = size };
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(descriptor) });
    }
}
