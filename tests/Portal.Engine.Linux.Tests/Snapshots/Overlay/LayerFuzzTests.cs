using Portal.Engine.Errors;
using Portal.Testing.Fuzzing;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Snapshots.Overlay;

public sealed class LayerFuzzTests : OverlayTestBase
{
    private static readonly byte[][] s_layers =
    [
        new RawTar().Add("d/", '5').Add("d/f", data: new byte[700]).Add("l", '2', link: "d").Add("h", '1', link: "d/f").Add("p", '6').Build(),
        new RawTar().Add("abs", '2', link: "/").Add("abs/evil", data: new byte[5]).Add("up", '2', link: "../../..").Add("up/evil").Build(),
        new RawTar().Add("d/", '5').Add("d/.wh.x").Add("d/.wh..wh..opq").Add("c", '3', major: 1, minor: 3).Add("b", '4', major: 7).Build(),
        new RawTar().AddPax(
            ("path", "long/name"u8.ToArray()), ("mtime", "1.5"u8.ToArray()), ("SCHILY.xattr.user.x", [0, 255]),
            ("SCHILY.xattr.security.capability", [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
            .Add("x", data: new byte[700]).Build(),
        new RawTar().AddPax(("GNU.sparse.map", "0,5,512,5"u8.ToArray()), ("GNU.sparse.size", "1024"u8.ToArray()))
            .Add("s", data: new byte[10]).Add("d/", '5').Add("d", '2', link: "s").Add("d").Build(),
    ];

    [Fact]
    public async Task UnpackAsync_SpoiledLayers_StayBeneathAndSayWhatTheyHold()
    {
        var canary = Directory.CreateDirectory(Instance.TempPath("canary")).FullName;
        await Fuzzer.RunAsync(1500, async mutator =>
        {
            var layer = mutator.Tar(s_layers);
            try
            {
                var chainId = await UnpackAsync(layer);
                Assert.Null(await Snapshotter.CheckLayerAsync(chainId));
                await Snapshotter.RemoveLayerAsync(chainId);
                await Snapshotter.WaitForSpaceAsync();
            }
            catch (EngineException failure)
            {
                Assert.True(failure.Kind == EngineErrorKind.InvalidArgument, failure.ToString());
            }

            foreach (var folder in new[] { "layers", "staging", "trash", "roots" })
            {
                Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", folder)));
            }
        });

        // Links out of a layer are four folders up at most.
        Assert.Empty(Directory.GetFileSystemEntries(canary));
        foreach (var folder in new[] { "/", Instance.Root, Instance.DataRoot, Path.Combine(Instance.DataRoot, "overlay") })
        {
            Assert.False(File.Exists(Path.Combine(folder, "evil")), folder);
        }
    }
}
