using System.IO.Compression;
using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Images.Importing;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Images;

public sealed class ImportTests : ImageTestBase
{
    private static readonly byte[] s_archive = new TestImageBuilder().AddFile("etc/hello", "world").Layers[0];

    private IImageImports Imports => Engine.Get<IImageImports>();

    [Fact]
    public async Task ImportAsync_CompressedArchive_IsAnImageOfOneLayer()
    {
        using var gzip = new MemoryStream();
        await using (var stream = new GZipStream(gzip, CompressionLevel.Fastest, leaveOpen: true))
        {
            await stream.WriteAsync(s_archive);
        }

        gzip.Position = 0;
        var image = await Imports.ImportAsync(gzip, new ImageImport { Name = "made", Message = "why" });

        Assert.Equal(["made:latest"], image.Names);
        Assert.Equal([TestImageBuilder.Digest(s_archive)], image.DiffIds);
        Assert.Equal("why", Assert.Single(image.History).Comment);
        Assert.Equal("world", await File.ReadAllTextAsync(Path.Combine(await Engine.MountAsync(image), "etc", "hello")));
    }

    [Fact]
    public async Task ImportAsync_Changes_AreInTheConfiguration()
    {
        var image = await ImportAsync(
            """CMD ["a", "b c"]""", "entrypoint run it", """ENV A=1 B="2 3" """, "ENV A changed to this", "LABEL x=y", "EXPOSE 80 53/udp",
            "USER 1000", "WORKDIR /srv", "WORKDIR sub", """VOLUME ["/data"]""", "STOPSIGNAL SIGQUIT");

        var config = image.Config;
        Assert.Equal(["a", "b c"], config.Command);
        Assert.Equal(["/bin/sh", "-c", "run it"], config.Entrypoint);
        Assert.Equal(["B=2 3", "A=changed to this"], config.Environment);
        Assert.Equal("y", config.Labels["x"]);
        Assert.Equal(["53/udp", "80/tcp"], config.ExposedPorts);
        Assert.Equal(("1000", "/srv/sub", "SIGQUIT"), (config.User, config.WorkingDirectory, config.StopSignal));
        Assert.Equal(["/data"], config.Volumes);
    }

    [Theory]
    [InlineData("RUN rm -rf /")]
    [InlineData("CMD")]
    [InlineData("ENV NAME")]
    [InlineData("ENV =x")]
    [InlineData("ENV A=\"open")]
    [InlineData("EXPOSE 70000")]
    [InlineData("EXPOSE 80/tcp/x")]
    [InlineData("USER a b")]
    public async Task ImportAsync_BadChange_IsRefusedAndNothingIsLeft(string change)
    {
        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => ImportAsync(change));

        Assert.Empty(Blobs());
    }

    [Fact]
    public async Task ImportAsync_NoArchive_IsRefusedAndNothingIsLeft()
    {
        var nonsense = Enumerable.Repeat((byte)'x', 10_000).ToArray();
        foreach (var bytes in new[] { nonsense, new RawTar().Add("../evil").Build(), s_archive[..515] })
        {
            await AssertFailsAsync(
                EngineErrorKind.InvalidArgument, () => Imports.ImportAsync(new MemoryStream(bytes), new ImageImport()));
        }

        Assert.Empty(await Engine.Images.ListAsync());
        Assert.Empty(Blobs());
        AssertNothingInTheMaking();
    }

    [Fact]
    public async Task ImportAsync_OverTheBound_IsRefused()
    {
        await Engine.DisposeAsync();
        Engine = Open(change: options => options with { LayerLimits = new TarLimits { MaxBytes = 1000 } });

        await AssertFailsAsync(EngineErrorKind.InvalidArgument, () => ImportAsync());

        AssertNothingInTheMaking();
    }

    private Task<ImageDetails> ImportAsync(params string[] changes) =>
        Imports.ImportAsync(new MemoryStream(s_archive), new ImageImport { Changes = changes });
}
