using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Snapshots.Overlay;
using Portal.Engine.Linux.Trees;
using Portal.Engine.Trees;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Trees;

/// <summary>What a running container has mounted where nobody else sees it stays in place.</summary>
public sealed class GuardedFilesTests : OverlayTestBase
{
    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/")]
    [InlineData("//a/../proc")]
    [InlineData("proc")]
    [InlineData("/data")]
    public async Task Change_PlaceThatIsKept_IsAConflict(string path)
    {
        await using var view = await PrepareAsync();
        var files = new GuardedFiles(view.Files, ["/proc", "/data/tmpfs/"]);

        Assert.Equal(EngineErrorKind.Conflict, Assert.Throws<EngineException>(() => files.Remove(path)).Kind);
        Assert.Equal(EngineErrorKind.Conflict, Assert.Throws<EngineException>(() => files.Rename(path, "/x")).Kind);
        Assert.NotNull(files.Measure(path).Mounted);
        Assert.NotNull(view.Find(path));
    }

    [Theory]
    [InlineData("/procfs")]
    [InlineData("/data/tmpfs2")]
    public async Task Remove_PlaceBeside_IsRemoved(string path)
    {
        await using var view = await PrepareAsync();
        var files = new GuardedFiles(view.Files, ["/proc", "/data/tmpfs"]);

        Assert.Null(files.Measure(path).Mounted);
        files.Remove(path);

        Assert.Null(view.Find(path));
    }

    private async Task<ITreeView> PrepareAsync()
    {
        var chain = await UnpackAsync(new RawTar()
            .Add("proc/", '5').Add("procfs/", '5').Add("data/", '5').Add("data/tmpfs/", '5').Add("data/tmpfs2/", '5').Build());
        await Snapshotter.PrepareAsync("c1", chain);
        return await new LinuxTreeViews(Snapshotter, Options).OpenAsync("c1", [], isReadOnly: false);
    }
}
