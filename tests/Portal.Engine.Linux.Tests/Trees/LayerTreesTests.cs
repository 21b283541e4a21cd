using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Snapshots.Overlay;
using Portal.Engine.Trees;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Trees;

public sealed class LayerTreesTests : OverlayTestBase
{
    // 1,024 zeros: what every engine calls the empty layer.
    private const string EmptyLayer = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

    [Fact]
    public async Task WriteDiffAsync_Everything_IsTheSameAfterUnpackingBitForBit()
    {
        var root = await MountAsync(await LowerAsync());
        await EveryKind.MakeAsync(root);

        var archive = await DiffAsync("c1");
        var layer = await UnpackAsync(archive, await LowerAsync());

        Assert.Equal(archive, await DiffAsync("c1"));
        Assert.Equal(archive, await LayerAsync(layer));
        Assert.Equal(await EveryKind.DescribeAsync(root), await EveryKind.DescribeAsync(await MountAsync(layer, "c2")));
        Assert.True(int.Parse(await Tool.RunAsync("stat", "-c", "%b", $"{root}/../../c2/merged/dir/sparse")) < 2000);
        Assert.Equal(Digest(archive), Digest(await DiffAsync("c1")));
    }

    [Fact]
    public async Task WriteDiffAsync_RemovedAndReplaced_BecomesWhiteoutsThatHideTheSame()
    {
        var lower = await LowerAsync();
        var root = await MountAsync(lower);
        await ShellAsync(
            "cd $1; rm old/a; rm -r gone; rm -r replaced; mkdir replaced; echo n > replaced/new; rm file; mkdir file; echo i > file/in;"
            + " rm -r folder; echo f > folder; touch temporary; rm temporary",
            root);

        var archive = await DiffAsync("c1");
        var layer = await UnpackAsync(archive, lower);

        Assert.Equal(
            [
                "file/", "file/in", "folder", ".wh.gone", "old/", "old/.wh.a", "replaced/", "replaced/.wh..wh..opq", "replaced/new",
            ],
            Names(archive));
        Assert.Equal(await EveryKind.DescribeAsync(root), await EveryKind.DescribeAsync(await MountAsync(layer, "c2")));
        Assert.Equal(archive, await LayerAsync(layer));
    }

    [Fact]
    public async Task WriteDiffAsync_NothingChanged_IsTheEmptyLayer()
    {
        var root = await MountAsync(await LowerAsync());
        await ShellAsync("cd $1; mkdir -p proc sys dev etc; : > etc/hosts; : > etc/resolv.conf; ln -s /proc/mounts etc/mtab", root);

        var ran = await DiffAsync("c1");

        Assert.Equal(EmptyLayer, Digest(ran));
        Assert.Equal(["dev/", "etc/", "etc/hosts", "etc/mtab", "etc/resolv.conf", "proc/", "sys/"], Names(await DiffAsync("c1", wasRun: false)));
    }

    [Fact]
    public async Task WriteDiffAsync_FolderWithAnotherModeOnly_IsInTheLayer()
    {
        var root = await MountAsync(await LowerAsync());
        await ShellAsync("chmod 700 $1/old; touch -d 2005-01-01 $1/gone; touch $1/replaced/x; rm $1/replaced/x", root);
        await ShellAsync("touch -d '2023-11-14 22:13:20 UTC' $1/replaced", root);

        Assert.Equal(["gone/", "old/"], Names(await DiffAsync("c1")));
    }

    [Fact]
    public async Task WriteDiffAsync_RootWithOwnModeAndOwner_CarriesThem()
    {
        var root = await MountAsync(await LowerAsync());
        await ShellAsync("chmod 711 $1; chown 5:6 $1", root);

        var archive = await DiffAsync("c1");
        var again = await MountAsync(await UnpackAsync(archive, await LowerAsync()), "c2");

        Assert.Equal(["./"], Names(archive));
        Assert.Equal("711 5:6", (await Tool.RunAsync("stat", "-c", "%a %u:%g", again)).Trim());
    }

    [Fact]
    public async Task WriteDiffAsync_Socket_IsLeftOut()
    {
        var root = await MountAsync(await LowerAsync());
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        Directory.CreateDirectory(root + "/s");
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(root + "/s/k"));
        using var output = new MemoryStream();

        var diff = await Snapshotter.WriteDiffAsync("c1", output, wasRun: true);

        Assert.False(diff.IsExact);
        Assert.Equal(["s/"], Names(output.ToArray()));
    }

    [Fact]
    public async Task WriteDiffAsync_NameOfAWhiteout_IsRefused()
    {
        var root = await MountAsync(await LowerAsync());
        await File.WriteAllTextAsync(root + "/.wh.passwd", "");

        var failure = await Assert.ThrowsAsync<EngineException>(() => DiffAsync("c1"));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains(".wh.passwd", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteDiffAsync_MoreThanIsAllowed_IsRefusedBeforeItIsWritten()
    {
        Options = Options with { LayerLimits = new TarLimits { MaxBytes = 1 << 20 } };
        Snapshotter = Open();
        var root = await MountAsync(await LowerAsync());
        await Tool.RunAsync("truncate", "-s", "100G", root + "/huge");
        using var output = new MemoryStream();

        var failure = await Assert.ThrowsAsync<EngineException>(() => Snapshotter.WriteDiffAsync("c1", output, wasRun: true));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.True(output.Length < 1 << 20);
    }

    [Fact]
    public async Task WriteDiffAsync_FoldersBeyondAnyPath_AreRefused()
    {
        var root = await MountAsync(await LowerAsync());
        await ShellAsync("cd $1; for i in $(seq 40); do d=$(printf 'd%.0s' $(seq 200)); mkdir $d; cd $d; done", root);

        var failure = await Assert.ThrowsAsync<EngineException>(() => DiffAsync("c1"));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
    }

    [Fact]
    public async Task WriteDiffAsync_FilesThatComeGoAndChange_GivesAWholeArchive()
    {
        var root = await MountAsync(await LowerAsync());
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var path = $"{root}/f{i % 20}";
                await File.WriteAllBytesAsync(path, new byte[(i * 7919) % 300_000]);
                if (i % 3 == 0)
                {
                    File.Delete(path);
                }
            }
        });
        try
        {
            for (var i = 0; i < 20; i++)
            {
                await ReadAsync(await DiffAsync("c1"));
            }
        }
        finally
        {
            await stop.CancelAsync();
            await writing;
        }
    }

    [Fact]
    public async Task PromoteAsync_Root_IsTheLayerThatItsArchiveIs()
    {
        var lower = await LowerAsync();
        await EveryKind.MakeAsync(await MountAsync(lower));
        var archive = await DiffAsync("c1", wasRun: false);
        var expected = await EveryKind.DescribeAsync(await MountAsync(await UnpackAsync(archive, lower), "c2"));
        await Snapshotter.RemoveAsync("c2");
        var chain = Chain(lower, Digest(archive));
        await Snapshotter.RemoveLayerAsync(chain);

        await Snapshotter.PromoteAsync("c1", chain, Digest(archive), 1);

        Assert.Equal(expected, await EveryKind.DescribeAsync(await MountAsync(chain, "c3")));
        Assert.Equal(archive, await LayerAsync(chain));
        Assert.Throws<EngineException>(() => Snapshotter.ListChanges("c1").Count());
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", "staging")));
    }

    [Fact]
    public async Task ListChanges_EveryKind_IsAsDockerTellsIt()
    {
        var root = await MountAsync(await LowerAsync());
        await ShellAsync(
            "cd $1; rm old/a; rm -r gone; rm -r replaced; mkdir replaced; echo n > replaced/new; echo more >> file; chmod 700 folder;"
            + " mkdir -p etc/made proc; : > etc/hosts; mkdir sbin; touch -d 2001-01-01 old",
            root);

        var changes = Snapshotter.ListChanges("c1").Select(change => $"{"CAD"[(int)change.Kind]} {change.Path}");

        Assert.Equal(
            [
                "A /etc", "A /etc/made", "C /file", "C /folder", "D /gone", "C /old", "D /old/a", "C /replaced", "D /replaced/b",
                "A /replaced/new", "A /sbin",
            ],
            changes);
    }

    [Fact]
    public async Task ListChanges_RunThatChangedNothing_IsEmpty()
    {
        var root = await MountAsync(await LowerAsync());
        await ShellAsync("cd $1; mkdir -p proc sys dev etc; : > etc/hosts; ln -s /proc/mounts etc/mtab; touch x; rm x; chmod --reference=folder folder", root);

        Assert.Empty(Snapshotter.ListChanges("c1"));
    }

    [Fact]
    public async Task ListChanges_LinkElsewhereInPlaceOfTheMounts_IsTold()
    {
        var root = await MountAsync(await LowerAsync());
        await ShellAsync("cd $1; mkdir etc; ln -s /tmp/mounts etc/mtab", root);

        Assert.Equal(["/etc", "/etc/mtab"], Snapshotter.ListChanges("c1").Select(change => change.Path));
    }

    [Fact]
    public void ListChanges_NoSuchRoot_IsNotFound()
    {
        var failure = Assert.Throws<EngineException>(() => Snapshotter.ListChanges("missing").Count());

        Assert.Equal(EngineErrorKind.NotFound, failure.Kind);
    }

    [Fact]
    public async Task Open_ViewOfAKilledEngine_IsTakenAway()
    {
        var left = Directory.CreateDirectory(Path.Combine(Instance.DataRoot, "overlay", "staging", "view-left")).FullName;
        await Tool.RunAsync("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", left);

        Open();

        Assert.False(Directory.Exists(left));
    }

    private static Task<string> ShellAsync(string script, params string[] arguments) =>
        Tool.RunAsync("bash", ["-c", script, "bash", .. arguments]);

    /// <summary>The paths of an archive, read by our own reader to its end.</summary>
    private static List<string> Names(byte[] archive) => ReadAsync(archive).GetAwaiter().GetResult();

    private static async Task<List<string>> ReadAsync(byte[] archive)
    {
        var reader = new TarReader(new MemoryStream(archive), new TarLimits());
        var names = new List<string>();
        while (await reader.ReadNextAsync() is { } entry)
        {
            names.Add(entry.Path);
        }

        return names;
    }

    private Task<string> LowerAsync() => UnpackAsync(new RawTar()
        .Add("file", data: "f"u8.ToArray())
        .Add("folder/", '5', mode: 0x1ED).Add("folder/x", data: "x"u8.ToArray())
        .Add("gone/", '5', mode: 0x1ED).Add("gone/g", data: "g"u8.ToArray())
        .Add("old/", '5', mode: 0x1ED).Add("old/a", data: "a"u8.ToArray()).Add("old/b", data: "b"u8.ToArray())
        .Add("replaced/", '5', mode: 0x1ED).Add("replaced/b", data: "b"u8.ToArray())
        .Build());

    private async Task<byte[]> DiffAsync(string root, bool wasRun = true)
    {
        using var output = new MemoryStream();
        await Snapshotter.WriteDiffAsync(root, output, wasRun);
        return output.ToArray();
    }

    private async Task<byte[]> LayerAsync(string chain)
    {
        using var output = new MemoryStream();
        await Snapshotter.WriteLayerAsync(chain, output);
        return output.ToArray();
    }
}
