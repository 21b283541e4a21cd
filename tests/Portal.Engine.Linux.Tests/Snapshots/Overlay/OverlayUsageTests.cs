using Portal.Engine.Errors;
using Portal.Engine.Snapshots;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Snapshots.Overlay;

public sealed class OverlayUsageTests : OverlayTestBase
{
    [Fact]
    public async Task GetUsage_FreshRoot_WroteNothingOnItsLayers()
    {
        await MountAsync(await LayersAsync());

        Assert.Equal(new RootUsage(0, 1500), await Snapshotter.GetUsageAsync("c1"));
    }

    [Fact]
    public async Task GetUsage_NoImage_IsWhatWasWrittenAlone()
    {
        await Snapshotter.PrepareAsync("c1", null);
        await File.WriteAllTextAsync(await Snapshotter.MountAsync("c1") + "/x", "123");

        var usage = await Snapshotter.GetUsageAsync("c1");
        Assert.Equal((3, 0, 3), (usage.WritableBytes, usage.LayerBytes, usage.TotalBytes));
    }

    [Fact]
    public async Task GetUsage_LinkToTheMountsThatTheEngineMade_IsNotTheContainers()
    {
        await Snapshotter.PrepareAsync("c1", null);
        var settings = Directory.CreateDirectory(await Snapshotter.MountAsync("c1") + "/etc").FullName;
        File.CreateSymbolicLink(settings + "/mtab", "/proc/mounts");
        Assert.Equal(0, (await Snapshotter.GetUsageAsync("c1")).WritableBytes);

        File.Delete(settings + "/mtab");
        File.CreateSymbolicLink(settings + "/mtab", "/proc/others");
        Assert.Equal("/proc/others".Length, (await Snapshotter.GetUsageAsync("c1")).WritableBytes);
    }

    [Fact]
    public async Task GetUsage_WrittenChangedAndRemovedFiles_CountAsDockersDo()
    {
        var root = await MountAsync(await LayersAsync());
        await File.WriteAllBytesAsync(root + "/new", new byte[10]);
        await Tool.RunAsync("ln", root + "/new", root + "/same");
        Directory.CreateDirectory(root + "/sub");
        await Tool.RunAsync("ln", root + "/new", root + "/sub/again");
        Assert.Equal(10, (await Snapshotter.GetUsageAsync("c1")).WritableBytes);

        // Changed: the whole file is copied up. Removed: a mark, which has no length.
        await File.AppendAllTextAsync(root + "/low", "!");
        File.Delete(root + "/high");
        Assert.Equal(new RootUsage(10 + 1001, 1500), await Snapshotter.GetUsageAsync("c1"));

        await Snapshotter.UnmountAsync("c1");
        Assert.Equal(1011, (await Snapshotter.GetUsageAsync("c1")).WritableBytes);
    }

    [Fact]
    public async Task GetUsage_FilesThatComeAndGoMeanwhile_AreSurvived()
    {
        var root = await MountAsync(await LayersAsync());
        await File.WriteAllTextAsync(root + "/stays", "12345");
        using var stop = new CancellationTokenSource();
        var churn = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Directory.CreateDirectory(root + "/a/b/c");
                File.WriteAllText(root + "/a/b/c/file", "");
                Directory.Delete(root + "/a", recursive: true);
            }
        });

        try
        {
            for (var round = 0; round < 500; round++)
            {
                Assert.Equal(5, (await Snapshotter.GetUsageAsync("c1")).WritableBytes);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await churn;
        }
    }

    [Fact]
    public async Task GetUsage_RemovedOrUnreadableRoot_SaysWhich()
    {
        await MountAsync(await LayersAsync());
        await Snapshotter.PrepareAsync("c2", null);
        await File.WriteAllTextAsync(Path.Combine(Instance.DataRoot, "overlay", "roots", "c2", "root.json"), "{");
        await Snapshotter.RemoveAsync("c1");

        var gone = await Assert.ThrowsAsync<EngineException>(() => Snapshotter.GetUsageAsync("c1"));
        var broken = await Assert.ThrowsAsync<EngineException>(() => Snapshotter.GetUsageAsync("c2"));

        Assert.Equal((EngineErrorKind.NotFound, EngineErrorKind.Internal), (gone.Kind, broken.Kind));
        Assert.Contains("'c2'", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetUsage_Cancelled_IsNotCounted()
    {
        await MountAsync(await LayersAsync());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Snapshotter.GetUsageAsync("c1", new CancellationToken(canceled: true)));
    }

    private async Task<string> LayersAsync() => await UnpackAsync(
        new RawTar().Add("high", data: new byte[500]).Build(), await UnpackAsync(new RawTar().Add("low", data: new byte[1000]).Build()));
}
