using System.Text;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Snapshots.Overlay;
using Portal.Engine.Linux.Storage;
using Portal.Testing;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Snapshots.Overlay;

public sealed class OverlayRootTests : OverlayTestBase
{
    [Fact]
    public async Task MountAsync_HundredTwentyLayers_ShowsThemAll()
    {
        string? chain = null;
        for (var i = 0; i < 120; i++)
        {
            chain = await UnpackAsync(new RawTar().Add($"f{i}", data: Encoding.ASCII.GetBytes($"{i}")).Build(), chain);
        }

        var root = await MountAsync(chain!);

        Assert.Equal(120, Directory.GetFiles(root).Length);
        Assert.Equal("0", await File.ReadAllTextAsync(root + "/f0"));
    }

    [Fact]
    public async Task MountAsync_Twice_IsOneMountAndKeepsWhatWasWritten()
    {
        var root = await MountAsync(await LayerAsync());
        await File.WriteAllTextAsync(root + "/written", "12345");

        Assert.Equal(root, await Snapshotter.MountAsync("c1"));
        Assert.Equal(root, await Open().MountAsync("c1"));
        Assert.Equal(1, CountMounts(root));
        await Snapshotter.UnmountAsync("c1");
        await Snapshotter.UnmountAsync("c1");
        Assert.Equal(0, CountMounts(root));
        await Snapshotter.MountAsync("c1");

        Assert.Equal("12345", await File.ReadAllTextAsync(root + "/written"));
        Assert.Equal(5, (await Snapshotter.GetUsageAsync("c1")).WritableBytes);
    }

    [Fact]
    public async Task MountAsync_AnotherMountNamespace_DoesNotHoldTheMount()
    {
        var root = await MountAsync(await LayerAsync());

        await Tool.RunAsync("unshare", "--mount", "umount", root);

        Assert.Equal(1, CountMounts(root));
    }

    [Fact]
    public async Task Dispose_NoRootIsMounted_TakesTheMountOfAllFoldersAway()
    {
        var place = Path.Combine(Instance.DataRoot, "overlay");
        await MountAsync(await LayerAsync());
        Snapshotter.Dispose();
        Assert.Equal(1, CountMounts(place));

        using (var next = Open())
        {
            await next.UnmountAsync("c1");
        }

        // It was an earlier engine's, of which others may still have something.
        Assert.Equal(1, CountMounts(place));
        await Tool.RunAsync("umount", place);

        using (var own = Open())
        {
            Assert.Equal(1, CountMounts(place));
            await own.MountAsync("c1");
            await own.UnmountAsync("c1");
        }

        Assert.Equal(0, CountMounts(place));
    }

    [Fact]
    public async Task MountAsync_NoImage_IsAnEmptyWritableRoot()
    {
        await Snapshotter.PrepareAsync("c1", null);
        var root = await Snapshotter.MountAsync("c1");

        await File.WriteAllTextAsync(root + "/x", "x");

        Assert.Equal(1, (await Snapshotter.GetUsageAsync("c1")).WritableBytes);
    }

    [Fact]
    public async Task RemoveAsync_MountedRoot_TakesMountAndFolderAway()
    {
        var root = await MountAsync(await LayerAsync());
        var deep = root;
        for (var i = 0; i < 300; i++)
        {
            deep += "/d";
        }

        Directory.CreateDirectory(deep);
        await Snapshotter.RemoveAsync("c1");
        await Snapshotter.RemoveAsync("c1");

        Assert.Equal(0, CountMounts(root));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", "roots")));
        await Snapshotter.WaitForSpaceAsync();
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", "trash")));
    }

    [Fact]
    public async Task RemoveLayerAsync_UsedByARootOrALayer_IsAConflict()
    {
        var lower = await LayerAsync();
        var upper = await UnpackAsync(new RawTar().Add("b").Build(), lower);
        await Snapshotter.PrepareAsync("c1", upper);

        foreach (var chain in new[] { lower, upper })
        {
            var failure = await Assert.ThrowsAsync<EngineException>(() => Snapshotter.RemoveLayerAsync(chain));
            Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
        }
    }

    [Fact]
    public async Task CollectAsync_KeepsLiveOnesAndWhatTheyStandOn()
    {
        var lower = await LayerAsync();
        var upper = await UnpackAsync(new RawTar().Add("b").Build(), lower);
        var used = await UnpackAsync(new RawTar().Add("c").Build(), lower);
        var unused = await UnpackAsync(new RawTar().Add("d").Build());
        await Snapshotter.PrepareAsync("live", used);
        await Snapshotter.PrepareAsync("dead", unused);

        await Snapshotter.CollectAsync(new HashSet<string> { upper }, new HashSet<string> { "live" });

        Assert.True(Snapshotter.HasLayer(lower));
        Assert.True(Snapshotter.HasLayer(upper));
        Assert.True(Snapshotter.HasLayer(used));
        Assert.False(Snapshotter.HasLayer(unused));
        Assert.Equal(["live"], Directory.GetDirectories(Path.Combine(Instance.DataRoot, "overlay", "roots")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Open_AfterAKillMidUnpack_DropsTheHalfLayerAndKeepsTheRest()
    {
        var chain = await LayerAsync();
        var overlay = Path.Combine(Instance.DataRoot, "overlay");
        Directory.CreateDirectory(Path.Combine(overlay, "staging", "9", "diff", "half"));
        Directory.CreateDirectory(Path.Combine(overlay, "trash", "layer-8", "diff"));
        Directory.CreateDirectory(Path.Combine(overlay, "layers", "7", "diff"));
        await File.WriteAllTextAsync(Path.Combine(overlay, "layers", "7", "layer.json"), "{");

        using var reopened = Open();
        await reopened.WaitForSpaceAsync();

        Assert.True(reopened.HasLayer(chain));
        Assert.Single(Directory.GetDirectories(Path.Combine(overlay, "layers")));
        Assert.Empty(Directory.GetDirectories(Path.Combine(overlay, "staging")));
        Assert.Empty(Directory.GetDirectories(Path.Combine(overlay, "trash")));
    }

    [Fact]
    public async Task Open_AfterThePowerWentOff_KeepsOnlyFlushedLayers()
    {
        var flushed = await LayerAsync();
        await Snapshotter.FlushAsync([flushed]);
        var unflushed = await UnpackAsync(new RawTar().Add("b").Build());
        foreach (var record in Directory.GetFiles(Path.Combine(Instance.DataRoot, "overlay", "layers"), "layer.json", SearchOption.AllDirectories))
        {
            var bootId = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id")).Trim();
            await File.WriteAllTextAsync(record, (await File.ReadAllTextAsync(record)).Replace(bootId, "another"));
        }

        var reopened = Open();

        Assert.True(reopened.HasLayer(flushed));
        Assert.False(reopened.HasLayer(unflushed));
    }

    [Fact]
    public async Task UnpackAsync_DiskFull_IsUnavailableAndNothingIsLeft()
    {
        var small = Directory.CreateDirectory(Path.Combine(Instance.DataRoot, "small")).FullName;
        await Tool.RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small);
        Options = Options with { DataRoot = small };
        var snapshotter = Open();
        var content = new byte[2_000_000];
        Random.Shared.NextBytes(content);
        var tar = new RawTar().Add("big", data: content).Build();

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => snapshotter.UnpackAsync(Digest(tar), null, Digest(tar), new MemoryStream(tar)));

        Assert.Equal(EngineErrorKind.Unavailable, failure.Kind);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(small, "overlay", "staging")));
        Assert.False(snapshotter.HasLayer(Digest(tar)));
    }

    [Fact]
    public async Task RemoveAsync_ManyAtOnce_EmptiesTheTrashWithoutWarnings()
    {
        var log = new RecordingLogger<OverlaySnapshotter>();
        using var snapshotter = new OverlaySnapshotter(Options, new LinuxDurableFiles(), log);
        var names = Enumerable.Range(0, 20).Select(number => $"c{number}").ToList();
        foreach (var name in names)
        {
            await snapshotter.PrepareAsync(name, null);
            var root = await snapshotter.MountAsync(name);
            foreach (var number in Enumerable.Range(0, 50))
            {
                await File.WriteAllTextAsync(Path.Combine(root, $"f{number}"), name);
            }
        }

        await Task.WhenAll(names.Select(name => Task.Run(() => snapshotter.RemoveAsync(name))));
        await snapshotter.WaitForSpaceAsync();

        Assert.Empty(log.Entries);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", "trash")));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData(".")]
    public async Task PrepareAsync_BadId_IsRefused(string id)
    {
        var failure = await Assert.ThrowsAsync<EngineException>(() => Snapshotter.PrepareAsync(id, null));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
    }

    private Task<string> LayerAsync() => UnpackAsync(new RawTar().Add("a", data: "a"u8.ToArray()).Build());

    private static int CountMounts(string path) =>
        File.ReadLines("/proc/self/mountinfo").Count(line => line.Split(' ')[4] == path);
}
