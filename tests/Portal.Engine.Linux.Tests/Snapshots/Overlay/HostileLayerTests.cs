using System.Text;
using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Snapshots.Overlay;

public sealed class HostileLayerTests : OverlayTestBase
{
    private readonly byte[] _evil = "evil"u8.ToArray();

    public static TheoryData<string, Func<RawTar>> Refused => new()
    {
        { "parent", () => new RawTar().Add("../evil") },
        { "parent in the middle", () => new RawTar().Add("a/../../evil") },
        { "hard link to parent", () => new RawTar().Add("evil", '1', link: "../../../etc/passwd") },
        { "hard link to nothing", () => new RawTar().Add("evil", '1', link: "etc/passwd") },
        { "hard link through a link", () => new RawTar().Add("l", '2', link: "/etc").Add("evil", '1', link: "l/passwd") },
        { "hard link to a folder", () => new RawTar().Add("d/", '5').Add("evil", '1', link: "d") },
        { "hard link to the root", () => new RawTar().Add("evil", '1', link: "/") },
        { "whiteout of the parent", () => new RawTar().Add("d/", '5').Add("d/.wh...") },
        { "whiteout of itself", () => new RawTar().Add("d/", '5').Add("d/.wh..") },
        { "whiteout of nothing", () => new RawTar().Add(".wh.") },
        { "whiteout of the parent's parent", () => new RawTar().Add("d/../.wh.x") },
        { "file beneath a file", () => new RawTar().Add("f").Add("f/x") },
        { "file beneath a dangling link", () => new RawTar().Add("l", '2', link: "/nowhere").Add("l/x") },
        { "file beneath a link to itself", () => new RawTar().Add("l", '2', link: "l").Add("l/x") },
        { "forged whiteout", () => new RawTar().Add("w", '3') },
        { "device number out of range", () => new RawTar().Add("w", '4', major: 5000) },
        { "root that is a file", () => new RawTar().Add("./", '2', link: "/etc") },
        { "attribute of overlayfs", () => new RawTar().AddPax(("SCHILY.xattr.trusted.overlay.redirect", "/x"u8.ToArray())).Add("d/x") },
        { "unknown type", () => new RawTar().Add("x", 'Z') },
        { "name with NUL", () => new RawTar().AddPax(("path", "a\0b"u8.ToArray())).Add("x") },
        { "name over 255", () => new RawTar().AddPax(("path", Encoding.ASCII.GetBytes(new string('a', 256)))).Add("x") },
        { "path over 4095", () => new RawTar().AddPax(("path", Encoding.ASCII.GetBytes(string.Join('/', Enumerable.Repeat("aaaa", 900))))).Add("x") },
        { "negative size", () => new RawTar().AddPax(("size", "-5"u8.ToArray())).Add("x") },
        { "size over the bound", () => new RawTar().AddPax(("size", "9999999999999999"u8.ToArray())).Add("x") },
        { "malformed pax", () => new RawTar().Add("p", 'x', "5000 path=x\n"u8.ToArray()).Add("x") },
        { "giant pax header", () => new RawTar().Add("p", 'x', size: 1L << 33).Add("x") },
        { "sparse map out of order", () => new RawTar().AddPax(("GNU.sparse.map", "10,5,0,5"u8.ToArray()), ("GNU.sparse.size", "100"u8.ToArray())).Add("x", data: new byte[10]) },
        { "sparse file of exabytes", () => new RawTar().AddPax(("GNU.sparse.map", "0,1"u8.ToArray()), ("GNU.sparse.size", "4611686018427387904"u8.ToArray())).Add("x", data: new byte[1]) },
        { "garbage", () => new RawTar().AddData([.. Enumerable.Range(0, 2000).Select(value => (byte)(value * 7))]) },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task UnpackAsync_HostileEntry_IsRefusedAndNothingIsLeft(string what, Func<RawTar> make)
    {
        Assert.NotEmpty(what);

        var failure = await Assert.ThrowsAsync<EngineException>(() => UnpackAsync(make().Build()));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task UnpackAsync_AbsolutePathsAndLinks_StayBeneathTheLayer()
    {
        var outside = Directory.CreateDirectory(Instance.TempPath("outside")).FullName;
        var root = await MountAsync(await UnpackAsync(new RawTar()
            .Add("/absolute", data: _evil)
            .Add("escape", '2', link: "/")
            .Add($"escape{outside}/x", data: _evil)
            .Add("up", '2', link: "../../../../../../..")
            .Add($"up{outside}/y", data: _evil)
            .Add("file", '2', link: $"{outside}/z")
            .Add("file", data: _evil)
            .Build()));

        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Assert.False(File.Exists("/absolute"));
        Assert.Equal("evil", await File.ReadAllTextAsync(root + "/absolute"));
        Assert.Equal("evil", await File.ReadAllTextAsync($"{root}{outside}/x"));
        Assert.Equal("evil", await File.ReadAllTextAsync($"{root}{outside}/y"));
        Assert.Null(new FileInfo(root + "/file").LinkTarget);
    }

    [Fact]
    public async Task UnpackAsync_WrongDigest_IsRefusedAndNothingIsLeft()
    {
        var tar = new RawTar().Add("x", data: _evil).Build();
        var other = Digest("other"u8.ToArray());

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => Snapshotter.UnpackAsync(other, null, other, new MemoryStream(tar)));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.False(Snapshotter.HasLayer(other));
        AssertNothingIsLeft();
    }

    [Fact]
    public async Task UnpackAsync_CutOffAtEveryBlock_IsRefusedOrWhole()
    {
        var tar = new RawTar().AddPax(("path", "long"u8.ToArray())).Add("x", data: new byte[3000]).Add("y", data: _evil).BuildUnfinished();
        for (var length = 1; length < tar.Length; length += 511)
        {
            var part = tar[..length];
            await Assert.ThrowsAsync<EngineException>(
                () => Snapshotter.UnpackAsync(Digest(tar), null, Digest(tar), new MemoryStream(part)));
        }

        AssertNothingIsLeft();
    }

    [Fact]
    public async Task UnpackAsync_OverTheBounds_IsRefused()
    {
        Options = Options with { LayerLimits = new TarLimits { MaxBytes = 100_000, MaxEntries = 10 } };
        var snapshotter = Open();
        var big = new RawTar().Add("zeros", data: new byte[100_000]).Build();
        var many = new RawTar();
        for (var i = 0; i < 11; i++)
        {
            many.Add($"f{i}");
        }

        foreach (var tar in new[] { big, many.Build() })
        {
            var failure = await Assert.ThrowsAsync<EngineException>(
                () => snapshotter.UnpackAsync(Digest(tar), null, Digest(tar), new MemoryStream(tar)));
            Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        }

        AssertNothingIsLeft();
    }

    [Fact]
    public async Task UnpackAsync_RandomDamage_NeverEscapesAndNeverCrashes()
    {
        var random = new Random(4711);
        var tar = new RawTar().AddPax(("path", "a/long/name"u8.ToArray()), ("SCHILY.xattr.user.x", [1]))
            .Add("x", data: new byte[600]).Add("l", '2', link: "a").Add("h", '1', link: "x").Add("d/", '5').Build();
        for (var round = 0; round < 300; round++)
        {
            var damaged = (byte[])tar.Clone();
            for (var i = random.Next(1, 8); i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                await UnpackAsync(FixChecksums(damaged));
            }
            catch (EngineException failure)
            {
                Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
            }
        }
    }

    private static byte[] FixChecksums(byte[] tar)
    {
        for (var block = 0; block < tar.Length; block += 512)
        {
            var header = tar.AsSpan(block, 512);
            if (header.Slice(257, 5).SequenceEqual("ustar"u8))
            {
                new RawTar().AddBlock(header.ToArray()).BuildUnfinished().CopyTo(header);
            }
        }

        return tar;
    }

    private void AssertNothingIsLeft()
    {
        foreach (var folder in new[] { "layers", "staging", "trash" })
        {
            Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", folder)));
        }
    }
}
