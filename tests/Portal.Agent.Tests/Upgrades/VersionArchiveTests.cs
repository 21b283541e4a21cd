using System.IO.Compression;
using Portal.Agent.Upgrades;
using Portal.Engine.Errors;
using Portal.Testing.Images;

namespace Portal.Agent.Tests.Upgrades;

/// <summary>An archive that is other than one of an agent puts nothing outside of its folder, and is refused with its reason.</summary>
public sealed class VersionArchiveTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("portal-versions-");

    private string Target => Path.Combine(_root.FullName, "target");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task Unpack_FilesAndFolders_KeepTheirBytesAndWhetherTheyRun()
    {
        await UnpackAsync(new RawTar()
            .Add("./", '5').Add("./BUILD", data: "1.0.0+a"u8.ToArray())
            .Add("agent/", '5').Add("agent/run", data: "x"u8.ToArray(), mode: 0x1ED));

        Assert.Equal("1.0.0+a", await File.ReadAllTextAsync(Path.Combine(Target, "BUILD")));
        Assert.True(File.GetUnixFileMode(Path.Combine(Target, "agent/run")).HasFlag(UnixFileMode.UserExecute));
        Assert.False(File.GetUnixFileMode(Path.Combine(Target, "BUILD")).HasFlag(UnixFileMode.UserExecute));
    }

    [Theory]
    [InlineData("../out", "leads out")]
    [InlineData("agent/../../out", "leads out")]
    [InlineData("/tmp/portal-versions-out", "leads out")]
    [InlineData("..", "leads out")]
    public async Task Unpack_NameThatLeadsOut_IsRefused(string name, string reason)
    {
        await AssertRefusedAsync(new RawTar().Add(name, data: "x"u8.ToArray()), reason);
        Assert.False(File.Exists(Path.Combine(_root.FullName, "out")) || File.Exists("/tmp/portal-versions-out"));
    }

    [Theory]
    [InlineData('1')]
    [InlineData('2')]
    [InlineData('3')]
    [InlineData('4')]
    [InlineData('6')]
    public async Task Unpack_LinksAndDevices_AreRefused(char type)
    {
        await AssertRefusedAsync(
            new RawTar().Add("agent", type, link: "/etc").Add("agent/passwd", data: "x"u8.ToArray()), "no file and no folder");
    }

    [Fact]
    public async Task Unpack_SameNameTwice_IsRefused() =>
        await AssertRefusedAsync(new RawTar().Add("a", data: "1"u8.ToArray()).Add("./a", data: "2"u8.ToArray()), "comes twice");

    [Fact]
    public async Task Unpack_MoreBytesThanAnAgentHas_IsRefusedBeforeTheyAreWritten() =>
        await AssertRefusedAsync(new RawTar().Add("a", size: 3L << 30), "holds more than");

    [Fact]
    public async Task Unpack_MoreFilesThanAnAgentHas_IsRefused()
    {
        var tar = new RawTar();
        for (var index = 0; index <= 20_000; index++)
        {
            tar.Add("a/", '5');
        }

        await AssertRefusedAsync(tar, "holds more than");
    }

    [Fact]
    public async Task Unpack_CutOffAnywhere_IsRefused()
    {
        // The end of it is zeros, a length and a checksum: nothing of a file is there, and that it is there the digest says.
        const int Tail = 30;
        var whole = Compress(new RawTar().Add("a", data: new byte[5000]).Add("b", data: new byte[5000]).Build());
        for (var length = 1; length < whole.Length - Tail; length++)
        {
            using var cut = new MemoryStream(whole, 0, length);
            var target = Path.Combine(_root.FullName, $"cut{length}");
            var failure = await Record.ExceptionAsync(() => VersionArchive.UnpackAsync(cut, target, default));
            Assert.True(failure is EngineException, $"{length} of {whole.Length} bytes: {failure}");
        }
    }

    [Fact]
    public async Task Unpack_NotCompressed_IsRefused()
    {
        using var plain = new MemoryStream(new RawTar().Add("a", data: "1"u8.ToArray()).Build());
        await Assert.ThrowsAsync<EngineException>(() => VersionArchive.UnpackAsync(plain, Target, default));
    }

    private async Task AssertRefusedAsync(RawTar tar, string reason)
    {
        var failure = await Assert.ThrowsAsync<EngineException>(() => UnpackAsync(tar));
        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    private async Task UnpackAsync(RawTar tar)
    {
        using var archive = new MemoryStream(Compress(tar.Build()));
        await VersionArchive.UnpackAsync(archive, Target, default);
    }

    private static byte[] Compress(byte[] tar)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(tar);
        }

        return compressed.ToArray();
    }
}
