using Portal.Engine.Linux.Snapshots.Overlay;
using Portal.Engine.Linux.Storage;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Snapshots.Overlay;

/// <summary>What is removed goes out of sight at once, and from the disk a little later, whatever happens in between.</summary>
public sealed class TrashTests : OverlayTestBase
{
    private string Trash => Path.Combine(Instance.DataRoot, "overlay", "trash");

    [Fact]
    public async Task RemoveAsync_WideAndDeepRoot_LeavesNothing()
    {
        await Snapshotter.PrepareAsync("c1", null);
        var root = await Snapshotter.MountAsync("c1");
        Fill(root, folders: 300, files: 5);
        MakeDeep(root, 400);

        await Snapshotter.RemoveAsync("c1");
        Assert.Empty(Directory.GetDirectories(Path.Combine(Instance.DataRoot, "overlay", "roots")));
        await Snapshotter.WaitForSpaceAsync();

        Assert.Empty(Directory.GetFileSystemEntries(Trash));
    }

    [Fact]
    public async Task Open_TrashOfAnEngineThatEnded_IsEmptied()
    {
        // The first look of this one comes late on a busy host, and would take the folders while they are filled.
        await Snapshotter.WaitForSpaceAsync();
        Fill(Directory.CreateDirectory(Path.Combine(Trash, "layer-1-x")).FullName, folders: 20, files: 20);
        Fill(Directory.CreateDirectory(Path.Combine(Instance.DataRoot, "overlay", "staging", "7")).FullName, folders: 3, files: 3);
        Reopen();

        await Snapshotter.WaitForSpaceAsync();

        Assert.Empty(Directory.GetFileSystemEntries(Trash));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", "staging")));
    }

    [Fact]
    public async Task Dispose_InTheMiddleOfARemoval_EndsItAndTheNextStartGoesOn()
    {
        await Snapshotter.PrepareAsync("c1", null);
        Fill(await Snapshotter.MountAsync("c1"), folders: 100, files: 100);
        await Snapshotter.RemoveAsync("c1");
        Snapshotter.Dispose();

        // None is removed any more by an engine that ended.
        var left = Count();
        Assert.Equal(left, Count());
        Reopen();
        await Snapshotter.WaitForSpaceAsync();

        Assert.Empty(Directory.GetFileSystemEntries(Trash));
    }

    [Fact]
    public async Task Empty_FileThatCannotGo_IsLoggedAndKeepsNothingElse()
    {
        await Snapshotter.WaitForSpaceAsync();
        var stuck = Path.Combine(Directory.CreateDirectory(Path.Combine(Trash, "a-stuck", "b")).FullName, "file");
        await File.WriteAllTextAsync(stuck, "x");
        Fill(Directory.CreateDirectory(Path.Combine(Trash, "z-other")).FullName, folders: 5, files: 5);
        await Tool.RunAsync("mount", "--bind", stuck, stuck);
        try
        {
            var log = new RecordingLogger<OverlaySnapshotter>();
            Snapshotter.Dispose();
            Snapshotter = new OverlaySnapshotter(Options, new LinuxDurableFiles(), log);
            await Snapshotter.WaitForSpaceAsync();

            Assert.Equal(["a-stuck"], Directory.GetDirectories(Trash).Select(Path.GetFileName));
            Assert.Contains("a-stuck", Assert.Single(log.Entries), StringComparison.Ordinal);
        }
        finally
        {
            await Tool.RunAsync("umount", stuck);
        }
    }

    [Fact]
    public async Task RemoveAsync_WhileTheTrashIsEmptied_GoesToo()
    {
        var names = Enumerable.Range(0, 8).Select(number => $"c{number}").ToList();
        foreach (var name in names)
        {
            await Snapshotter.PrepareAsync(name, null);
            Fill(await Snapshotter.MountAsync(name), folders: 10, files: 30);
        }

        foreach (var name in names)
        {
            await Snapshotter.RemoveAsync(name);
        }

        await Snapshotter.WaitForSpaceAsync();

        Assert.Empty(Directory.GetFileSystemEntries(Trash));
    }

    [Fact]
    public async Task Dispose_RightAfterTheRemovalOfAMountedRoot_LeavesNoMount()
    {
        await Snapshotter.PrepareAsync("c1", null);
        Fill(await Snapshotter.MountAsync("c1"), folders: 50, files: 50);

        await Snapshotter.RemoveAsync("c1");
        Snapshotter.Dispose();

        Assert.Empty(Mounts());
        Reopen();
    }

    [Fact]
    public async Task Open_MountInTheTrashOfAnEngineThatWasKilled_GoesAndWhatIsBelowStays()
    {
        await Snapshotter.WaitForSpaceAsync();
        var below = Directory.CreateDirectory(Instance.TempPath("below")).FullName;
        await File.WriteAllTextAsync(Path.Combine(below, "kept"), "x");
        var root = Path.Combine(Trash, "root-c1-x");
        foreach (var name in new[] { "upper", "work", "merged" })
        {
            Directory.CreateDirectory(Path.Combine(root, name));
        }

        await Tool.RunAsync(
            "mount", "-t", "overlay", "overlay", "-o", $"lowerdir={below},upperdir={root}/upper,workdir={root}/work", $"{root}/merged");
        Reopen();
        await Snapshotter.WaitForSpaceAsync();

        Assert.Empty(Mounts());
        Assert.Empty(Directory.GetFileSystemEntries(Trash));
        Assert.True(File.Exists(Path.Combine(below, "kept")));
    }

    private IEnumerable<string> Mounts() => File.ReadLines("/proc/self/mounts").Where(line => line.Contains(Trash, StringComparison.Ordinal));

    private void Reopen()
    {
        Snapshotter.Dispose();
        Snapshotter = Open();
    }

    private int Count() => Directory.GetFiles(Trash, "*", SearchOption.AllDirectories).Length;

    private static void Fill(string folder, int folders, int files)
    {
        for (var i = 0; i < folders; i++)
        {
            var child = Directory.CreateDirectory(Path.Combine(folder, $"d{i}")).FullName;
            for (var j = 0; j < files; j++)
            {
                File.WriteAllText(Path.Combine(child, $"f{j}"), "x");
            }
        }
    }

    /// <summary>Deeper than a removal descends at once.</summary>
    private static void MakeDeep(string root, int depth)
    {
        var path = root;
        for (var i = 0; i < depth; i++)
        {
            path += "/d";
            Directory.CreateDirectory(path);
        }

        File.WriteAllText(path + "/f", "x");
    }
}
