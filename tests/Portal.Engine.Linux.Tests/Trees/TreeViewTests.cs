using System.Text;
using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Snapshots.Overlay;
using Portal.Engine.Linux.Trees;
using Portal.Engine.Trees;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Trees;

public sealed class TreeViewTests : OverlayTestBase
{
    private string Outside => Instance.TempPath("outside");

    [Fact]
    public async Task OpenAsync_StoppedContainer_IsMountedAsLongAsSomebodyLooks()
    {
        await PrepareAsync();
        var first = await OpenAsync();
        var second = await OpenAsync();
        Assert.True(await IsMountedAsync());

        await first.DisposeAsync();
        Assert.True(await IsMountedAsync());
        await second.DisposeAsync();

        Assert.False(await IsMountedAsync());
    }

    [Fact]
    public async Task OpenAsync_ContainerThatStartsAndStopsMeanwhile_KeepsItsOneMount()
    {
        await PrepareAsync();
        await using (var view = await OpenAsync())
        {
            var root = await Snapshotter.MountAsync("c1");
            await File.WriteAllTextAsync(root + "/new", "x");
            Assert.NotNull(view.Find("/new"));
            await Snapshotter.UnmountAsync("c1");
            Assert.NotNull(view.Find("/new"));
            Assert.True(await IsMountedAsync());
        }

        Assert.False(await IsMountedAsync());
        await using (await OpenAsync())
        {
            await Snapshotter.MountAsync("c1");
        }

        Assert.True(await IsMountedAsync());
    }

    [Fact]
    public async Task OpenAsync_RootThatIsRemovedMeanwhile_LetsItGo()
    {
        await PrepareAsync();
        await using var view = await OpenAsync();

        await Snapshotter.RemoveAsync("c1");

        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", "roots")));
    }

    [Fact]
    public async Task OpenAsync_WithMounts_ShowsThemToItselfAlone()
    {
        await PrepareAsync();
        var folder = Directory.CreateDirectory(Outside).FullName;
        await File.WriteAllTextAsync(folder + "/in", "volume");
        var before = await File.ReadAllTextAsync("/proc/self/mountinfo");
        await using var view = await OpenAsync([new(folder, "/vol/deep", true), new(folder + "/in", "/etc/single", true), new("/no/such", "/x", true)]);

        Assert.Equal(6, view.Find("/vol/deep/in")!.Size);
        Assert.Equal(6, view.Find("/etc/single")!.Size);
        Assert.Null(view.Find("/x"));
        Assert.Equal(["deep/", "deep/in"], await NamesAsync(view, "/vol/deep"));
        var added = (await File.ReadAllTextAsync("/proc/self/mountinfo")).Split('\n').Except(before.Split('\n'));
        Assert.DoesNotContain(added, line => line.Contains("/vol/deep", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/", "/", "//bin|//bin/sh|//etc|...")]
    [InlineData("/.", ".", "./bin|./bin/sh|./etc|...")]
    [InlineData("etc", "etc", "etc/|etc/passwd")]
    [InlineData("/etc/", "etc", "etc/|etc/passwd")]
    [InlineData("/etc/.", ".", "./|./passwd")]
    [InlineData("../../etc/../etc/passwd", "passwd", "passwd")]
    [InlineData("/link", "link", "link")]
    [InlineData("/link/", "link", "link/|link/passwd")]
    [InlineData("/link/passwd", "passwd", "passwd")]
    [InlineData("/up/up/etc/passwd", "passwd", "passwd")]
    public async Task WriteAsync_EveryFormOfPath_IsNamedAsDockerDoes(string path, string name, string expected)
    {
        await PrepareAsync();
        await using var view = await OpenAsync();

        Assert.Equal(name, view.Find(path)!.Name);
        var names = await NamesAsync(view, path);
        if (!expected.EndsWith("...", StringComparison.Ordinal))
        {
            Assert.Equal(expected, string.Join('|', names));
        }
        else
        {
            Assert.Equal(name == "/" ? "/" : "./", names[0]);
            Assert.Contains((name == "/" ? "/" : "./") + "etc/passwd", names);
        }
    }

    [Theory]
    [InlineData("/link", "/etc")]
    [InlineData("/up/link", "/etc")]
    [InlineData("/dangling", "/nowhere/else")]
    [InlineData("/circle", "/circle")]
    [InlineData("/etc", "")]
    public async Task Find_Link_TellsWhereItLeads(string path, string target)
    {
        await PrepareAsync();
        await using var view = await OpenAsync();

        Assert.Equal(target, view.Find(path)!.LinkTarget);
    }

    [Theory]
    [InlineData("/etc/passwd/x")]
    [InlineData("/etc/passwd/")]
    [InlineData("/circle/")]
    [InlineData("")]
    [InlineData("/a\0b")]
    public async Task Find_PathThatLeadsNowhere_IsRefused(string path)
    {
        await PrepareAsync();
        await using var view = await OpenAsync();

        Assert.Equal(EngineErrorKind.InvalidArgument, Assert.Throws<EngineException>(() => view.Find(path)).Kind);
        Assert.Null(view.Find("/missing"));
    }

    [Theory]
    [InlineData("@-99999999999.5")]
    [InlineData("@9999999999999.5")]
    public async Task Find_TimeBeyondAnyCalendar_IsTheNearestThatThereIs(string time)
    {
        await PrepareAsync();
        var root = await Snapshotter.MountAsync("c1");
        await Tool.RunAsync("touch", "-d", time, root + "/etc/passwd");
        await using var view = await OpenAsync();

        Assert.InRange(view.Find("/etc/passwd")!.Modified.Year, 1, 9999);
        using var archive = new MemoryStream();
        await view.WriteAsync("/etc/passwd", archive);
        Assert.True(archive.Length > 1024);
    }

    [Fact]
    public async Task ExtractAsync_EverythingThatWasWritten_IsTheSame()
    {
        await PrepareAsync();
        await using var view = await OpenAsync();
        var root = await Snapshotter.MountAsync("c1");
        await EveryKind.MakeAsync(Directory.CreateDirectory(root + "/from").FullName);
        Directory.CreateDirectory(root + "/to");

        using var archive = new MemoryStream();
        await view.WriteAsync("/from/.", archive);
        archive.Position = 0;
        await view.ExtractAsync("/to", archive, new TreeExtraction());

        Assert.Equal(await EveryKind.DescribeAsync(root + "/from"), await EveryKind.DescribeAsync(root + "/to"));
    }

    [Fact]
    public async Task ExtractAsync_HostileArchive_StaysInTheContainer()
    {
        await PrepareAsync();
        Directory.CreateDirectory(Outside);
        await using var view = await OpenAsync();
        var root = await Snapshotter.MountAsync("c1");
        Directory.CreateDirectory(root + Outside);
        var archive = new RawTar()
            .Add("escape", '2', link: Outside).Add("escape/file", data: "x"u8.ToArray())
            .Add("relative", '2', link: "../../../../../../../../../../../.." + Outside).Add("relative/file", data: "x"u8.ToArray())
            .Add(Outside + "/absolute", data: "x"u8.ToArray())
            .Add(".wh.passwd", data: "no whiteout here"u8.ToArray())
            .Build();

        await view.ExtractAsync("/etc", new MemoryStream(archive), new TreeExtraction());

        Assert.Empty(Directory.GetFileSystemEntries(Outside));
        Assert.True(File.Exists(root + "/etc/passwd"));
        Assert.True(File.Exists(root + "/etc/.wh.passwd"));
        Assert.True(File.Exists($"{root}{Outside}/file"));
        foreach (var bad in new[] { new RawTar().Add("../x"), new RawTar().Add("h", '1', link: "../../shadow") })
        {
            var failure = await Assert.ThrowsAsync<EngineException>(
                () => view.ExtractAsync("/etc", new MemoryStream(bad.Build()), new TreeExtraction()));
            Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        }
    }

    [Fact]
    public async Task ExtractAsync_KindsThatDoNotFit_AreKeptOrReplaced()
    {
        await PrepareAsync();
        await using var view = await OpenAsync();
        var root = await Snapshotter.MountAsync("c1");
        var overFolder = new RawTar().Add("etc", data: "x"u8.ToArray()).Build();
        var overFile = new RawTar().Add("bin/", '5').Add("bin/sh/", '5').Build();

        foreach (var archive in new[] { overFolder, overFile })
        {
            var failure = await Assert.ThrowsAsync<EngineException>(
                () => view.ExtractAsync("/", new MemoryStream(archive), new TreeExtraction { KeepsKinds = true }));
            Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
            Assert.StartsWith("cannot overwrite", failure.Message, StringComparison.Ordinal);
            await view.ExtractAsync("/", new MemoryStream(archive), new TreeExtraction());
        }

        Assert.True(File.Exists(root + "/etc"));
        Assert.True(Directory.Exists(root + "/bin/sh"));
    }

    [Fact]
    public async Task ExtractAsync_ReadOnlyParts_AreForbiddenAndTheOthersAreNot()
    {
        await PrepareAsync();
        var writable = Directory.CreateDirectory(Outside + "-w").FullName;
        var fixedOne = Directory.CreateDirectory(Outside + "-r").FullName;
        await using var view = await OpenAsync([new(writable, "/w", true), new(fixedOne, "/r", false)], isReadOnly: true);
        var archive = new RawTar().Add("f", data: "x"u8.ToArray()).Build();

        await view.ExtractAsync("/w", new MemoryStream(archive), new TreeExtraction());
        foreach (var path in new[] { "/", "/r", "/etc" })
        {
            var failure = await Assert.ThrowsAsync<EngineException>(
                () => view.ExtractAsync(path, new MemoryStream(archive), new TreeExtraction()));
            Assert.Equal(EngineErrorKind.Forbidden, failure.Kind);
        }

        Assert.True(File.Exists(writable + "/f"));
        Assert.Empty(Directory.GetFileSystemEntries(fixedOne));
    }

    [Fact]
    public async Task ExtractAsync_PlaceThatIsMounted_IsAConflict()
    {
        await PrepareAsync();
        Directory.CreateDirectory(Outside);
        await File.WriteAllTextAsync(Outside + "/hosts", "h");
        await using var view = await OpenAsync([new(Outside + "/hosts", "/etc/hosts", true)]);
        var within = new RawTar().Add("hosts", data: "x"u8.ToArray()).Build();
        var around = new RawTar().Add("etc", data: "x"u8.ToArray()).Build();

        foreach (var (path, archive) in new[] { ("/etc", within), ("/", around) })
        {
            var failure = await Assert.ThrowsAsync<EngineException>(
                () => view.ExtractAsync(path, new MemoryStream(archive), new TreeExtraction()));
            Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
            Assert.Equal(1, view.Find("/etc/hosts")!.Size);
        }

        Assert.Equal("h", await File.ReadAllTextAsync(Outside + "/hosts"));
    }

    [Fact]
    public async Task ReadAndExtract_LinksThatAreSwappedMeanwhile_NeverLeaveTheContainer()
    {
        await PrepareAsync();
        Directory.CreateDirectory(Outside);
        await File.WriteAllTextAsync(Outside + "/passwd", "secret of the host");
        var root = await Snapshotter.MountAsync("c1");
        Directory.CreateDirectory(root + "/a/b");
        await File.WriteAllTextAsync(root + "/a/b/passwd", "of the container");

        // In a loop, "b" is a folder, then a link to a folder of the host, as an attacker in the container makes them by renames.
        var swapping = Tool.RunAsync(
            "bash", "-c",
            "cd $1/a; ln -s $2 evil; ln -s ../../../../../../../../../..$2 evil2; while [ ! -e ../stop ]; do mv b c; mv -T evil b; mv -T b evil;"
            + " mv -T evil2 b; mv -T b evil2; mv c b; done",
            "bash", root, Outside);
        try
        {
            await using var view = await OpenAsync();
            var archive = new RawTar().Add("planted", data: "x"u8.ToArray()).Add("sub/", '5').Add("sub/deep", data: "y"u8.ToArray()).Build();
            for (var i = 0; i < 300; i++)
            {
                var text = await TryReadAsync(view, i % 2 == 0 ? "/a/b/passwd" : "/a");
                Assert.DoesNotContain("secret of the host", text, StringComparison.Ordinal);
                await TryAsync(() => view.ExtractAsync("/a/b", new MemoryStream(archive), new TreeExtraction()));
            }
        }
        finally
        {
            await File.WriteAllTextAsync(root + "/stop", "");
            await swapping;
        }

        Assert.Equal(["passwd"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName));
    }

    private static async Task<string> TryReadAsync(ITreeView view, string path)
    {
        using var output = new MemoryStream();
        await TryAsync(() => view.WriteAsync(path, output));
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (EngineException)
        {
            // Gone at that moment, or no folder: what matters is where it did not go.
        }
    }

    private static async Task<List<string>> NamesAsync(ITreeView view, string path)
    {
        using var output = new MemoryStream();
        await view.WriteAsync(path, output);
        output.Position = 0;
        var reader = new TarReader(output, new TarLimits());
        var names = new List<string>();
        while (await reader.ReadNextAsync() is { } entry)
        {
            names.Add(entry.Path);
        }

        return names;
    }

    private async Task<bool> IsMountedAsync()
    {
        var mounts = await File.ReadAllTextAsync("/proc/self/mountinfo");
        return mounts.Contains(Path.Combine(Instance.DataRoot, "overlay", "roots", "c1", "merged"), StringComparison.Ordinal);
    }

    private async Task PrepareAsync()
    {
        var chain = await UnpackAsync(new RawTar()
            .Add("bin/", '5', mode: 0x1ED).Add("bin/sh", data: "s"u8.ToArray())
            .Add("etc/", '5', mode: 0x1ED).Add("etc/passwd", data: "p"u8.ToArray())
            .Add("link", '2', link: "/etc").Add("up", '2', link: "../../..").Add("dangling", '2', link: "nowhere/else")
            .Add("circle", '2', link: "circle")
            .Build());
        await Snapshotter.PrepareAsync("c1", chain);
    }

    private Task<ITreeView> OpenAsync(IReadOnlyList<TreeMount>? mounts = null, bool isReadOnly = false) =>
        new LinuxTreeViews(Snapshotter, Options).OpenAsync("c1", mounts ?? [], isReadOnly);
}
