using System.Text;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Tests.Snapshots.Overlay;
using Portal.Engine.Linux.Trees;
using Portal.Engine.Trees;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Trees;

/// <summary>Files one by one, on a real root with real mounts.</summary>
public sealed class TreeFilesTests : OverlayTestBase
{
    private string Outside => Instance.TempPath("outside");

    [Fact]
    public async Task List_EveryKind_IsDescribed()
    {
        var root = await PrepareAsync();
        await Tool.RunAsync("mkfifo", root + "/etc/pipe");
        Directory.CreateDirectory(Outside);
        await using var view = await OpenAsync([new(Outside, "/etc/vol", true)]);

        var entries = view.Files.List("/etc", 100).Entries.ToDictionary(entry => entry.Name);

        Assert.Equal(["app.conf", "group", "out", "passwd", "pipe", "to-bin", "vol"], entries.Keys);
        var file = entries["app.conf"];
        Assert.Equal((5, 0x81A4, 1000u, 50u, "app", "staff"), (file.Size, file.Mode, file.UserId, file.GroupId, file.UserName, file.GroupName));
        Assert.Equal(("/bin", 0x4000), (entries["to-bin"].LinkTarget, entries["to-bin"].TargetMode & 0xF000));
        Assert.Equal((Outside + "/secret", 0), (entries["out"].LinkTarget, entries["out"].TargetMode));
        Assert.Equal(0x1000, entries["pipe"].Mode & 0xF000);
        Assert.Equal([true, false], [entries["vol"].IsMounted, entries["passwd"].IsMounted]);
    }

    [Fact]
    public async Task List_NameThatIsNoText_SaysThatNoPathLeadsThere()
    {
        var root = await PrepareAsync();
        await Tool.RunAsync("bash", "-c", "touch $1/etc/odd$'\\xff'", "bash", root);
        await using var view = await OpenAsync();

        var odd = Assert.Single(view.Files.List("/etc", 100).Entries, entry => !entry.IsAddressable);

        Assert.Equal("odd\uFFFD", odd.Name);
    }

    [Fact]
    public async Task List_MoreThanWanted_CountsAll()
    {
        await PrepareAsync();
        await using var view = await OpenAsync();

        var listing = view.Files.List("/etc", 2);

        Assert.Equal(["app.conf", "group"], listing.Entries.Select(entry => entry.Name));
        Assert.Equal(5, listing.Total);
    }

    [Theory]
    [InlineData("/missing", EngineErrorKind.NotFound)]
    [InlineData("/etc/passwd", EngineErrorKind.InvalidArgument)]
    [InlineData("/etc/passwd/x", EngineErrorKind.InvalidArgument)]
    [InlineData("", EngineErrorKind.InvalidArgument)]
    [InlineData("/etc/out", EngineErrorKind.NotFound)]
    public async Task List_NoFolder_IsRefused(string path, EngineErrorKind kind)
    {
        await PrepareAsync();
        await using var view = await OpenAsync();

        Assert.Equal(kind, Assert.Throws<EngineException>(() => view.Files.List(path, 10)).Kind);
    }

    [Fact]
    public async Task ReadAsync_MoreThanWanted_IsCutAndTold()
    {
        await PrepareAsync();
        await using var view = await OpenAsync();

        var (entry, text) = await ReadAsync(view, "/to-etc/app.conf", 3);

        Assert.Equal(("app.conf", 5, "key"), (entry.Name, entry.Size, text));
    }

    [Theory]
    [InlineData("/etc", EngineErrorKind.InvalidArgument)]
    [InlineData("/pipe", EngineErrorKind.InvalidArgument)]
    [InlineData("/etc/out", EngineErrorKind.NotFound)]
    public async Task ReadAsync_NoRegularFile_IsRefusedBeforeItIsOpened(string path, EngineErrorKind kind)
    {
        var root = await PrepareAsync();
        await Tool.RunAsync("mkfifo", root + "/pipe");
        await using var view = await OpenAsync();

        Assert.Equal(kind, (await Assert.ThrowsAsync<EngineException>(() => ReadAsync(view, path, 10))).Kind);
    }

    [Fact]
    public async Task WriteAsync_NewFile_BelongsToWhoOwnsTheFolder()
    {
        var root = await PrepareAsync();
        await Tool.RunAsync("chown", "1000:50", root + "/home");
        await using var view = await OpenAsync();

        await WriteAsync(view, "/home/new", "text");

        var entry = Assert.Single(view.Files.List("/home", 10).Entries);
        Assert.Equal(("new", 4, 0x81A4, 1000u, 50u), (entry.Name, entry.Size, entry.Mode, entry.UserId, entry.GroupId));
    }

    [Fact]
    public async Task WriteAsync_InPlaceOfAFile_KeepsItsModeAndOwner()
    {
        var root = await PrepareAsync();
        await Tool.RunAsync("chmod", "4750", root + "/etc/app.conf");
        await using var view = await OpenAsync();

        var taken = await Assert.ThrowsAsync<EngineException>(() => WriteAsync(view, "/etc/app.conf", "x"));
        await WriteAsync(view, "/etc/app.conf", "longer text", replaces: true);

        Assert.Equal(EngineErrorKind.AlreadyExists, taken.Kind);
        var entry = view.Files.List("/etc", 1).Entries[0];
        Assert.Equal((11, 0x89E8, 1000u), (entry.Size, entry.Mode, entry.UserId));
    }

    [Fact]
    public async Task WriteAsync_ContentThatBreaksOff_LeavesWhatWasThere()
    {
        var root = await PrepareAsync();
        await using var view = await OpenAsync();

        await Assert.ThrowsAsync<EndOfStreamException>(
            () => view.Files.WriteAsync("/etc/app.conf", new BrokenStream(300_000), replaces: true));

        Assert.Equal("key=1", await File.ReadAllTextAsync(root + "/etc/app.conf"));
        Assert.Equal(5, view.Files.List("/etc", 100).Total);
    }

    [Fact]
    public async Task WriteAsync_LinkOutOfTheContainer_IsReplacedItself()
    {
        var root = await PrepareAsync();
        Directory.CreateDirectory(Outside);
        await File.WriteAllTextAsync(Outside + "/secret", "of the host");
        await using var view = await OpenAsync();

        await WriteAsync(view, "/etc/out", "mine", replaces: true);

        Assert.Equal("of the host", await File.ReadAllTextAsync(Outside + "/secret"));
        Assert.Null(new FileInfo(root + "/etc/out").LinkTarget);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/etc/.")]
    [InlineData("/..")]
    public async Task AnyChange_OfTheTop_IsRefused(string path)
    {
        await PrepareAsync();
        await using var view = await OpenAsync();

        Assert.Equal(EngineErrorKind.InvalidArgument, Assert.Throws<EngineException>(() => view.Files.Remove(path)).Kind);
        Assert.Equal(EngineErrorKind.InvalidArgument, Assert.Throws<EngineException>(() => view.Files.Rename(path, "/x")).Kind);
        Assert.Equal(EngineErrorKind.InvalidArgument, Assert.Throws<EngineException>(() => view.Files.MakeFolder(path)).Kind);
    }

    [Fact]
    public async Task MakeFolder_NewAndTaken_BelongsToWhoOwnsTheFolderAbove()
    {
        var root = await PrepareAsync();
        await Tool.RunAsync("chown", "1000:50", root + "/home");
        await using var view = await OpenAsync();

        view.Files.MakeFolder("/home/ü n");

        var entry = Assert.Single(view.Files.List("/home", 10).Entries);
        Assert.Equal(("ü n", 0x41ED, 1000u), (entry.Name, entry.Mode, entry.UserId));
        Assert.Equal(EngineErrorKind.AlreadyExists, Assert.Throws<EngineException>(() => view.Files.MakeFolder("/home/ü n")).Kind);
        Assert.Equal(EngineErrorKind.NotFound, Assert.Throws<EngineException>(() => view.Files.MakeFolder("/no/x")).Kind);
        Assert.Equal(
            EngineErrorKind.InvalidArgument, Assert.Throws<EngineException>(() => view.Files.MakeFolder("/" + new string('x', 256))).Kind);
    }

    [Fact]
    public async Task Rename_FreeAndTakenNames_NeverReplaces()
    {
        var root = await PrepareAsync();
        await using var view = await OpenAsync();

        view.Files.Rename("/etc/app.conf", "/home/moved");
        var taken = Assert.Throws<EngineException>(() => view.Files.Rename("/home/moved", "/etc/passwd"));
        var into = Assert.Throws<EngineException>(() => view.Files.Rename("/home", "/home/below"));
        var missing = Assert.Throws<EngineException>(() => view.Files.Rename("/nothing", "/x"));

        Assert.Equal("key=1", await File.ReadAllTextAsync(root + "/home/moved"));
        Assert.Equal(
            [EngineErrorKind.AlreadyExists, EngineErrorKind.InvalidArgument, EngineErrorKind.NotFound], [taken.Kind, into.Kind, missing.Kind]);
    }

    [Fact]
    public async Task Measure_Folder_CountsHardLinksOnceAndLinksAsThemselves()
    {
        var root = await PrepareAsync();
        Directory.CreateDirectory(root + "/home/a/b");
        await File.WriteAllTextAsync(root + "/home/a/b/f", "12345");
        await Tool.RunAsync("ln", root + "/home/a/b/f", root + "/home/a/g");
        await Tool.RunAsync("ln", "-s", "/etc", root + "/home/link");
        await using var view = await OpenAsync();

        Assert.Equal(new TreeTotals(3, 3, 5, true, null), view.Files.Measure("/home"));
        Assert.False(view.Files.Measure("/home", 2).IsWhole);
        Assert.Equal(new TreeTotals(1, 0, 0, true, null), view.Files.Measure("/home/link"));
    }

    [Fact]
    public async Task Remove_FolderAndLink_LeavesWhatTheLinkLeadsTo()
    {
        var root = await PrepareAsync();
        Directory.CreateDirectory(root + "/home/a/b");
        await using var view = await OpenAsync();

        view.Files.Remove("/home/a");
        view.Files.Remove("/to-etc");

        Assert.Empty(Directory.GetFileSystemEntries(root + "/home"));
        Assert.True(File.Exists(root + "/etc/passwd"));
        Assert.Equal(EngineErrorKind.NotFound, Assert.Throws<EngineException>(() => view.Files.Remove("/to-etc")).Kind);
    }

    [Fact]
    public async Task Remove_SomethingMountedBelow_RemovesNothing()
    {
        await PrepareAsync();
        Directory.CreateDirectory(Outside);
        await File.WriteAllTextAsync(Outside + "/kept", "x");
        await using var view = await OpenAsync([new(Outside, "/home/a/vol", true)]);
        await WriteAsync(view, "/home/a/first", "x");

        var failure = Assert.Throws<EngineException>(() => view.Files.Remove("/home"));

        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
        Assert.Contains("/home/a/vol", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, view.Files.List("/home/a", 10).Total);
        Assert.Equal(EngineErrorKind.Conflict, Assert.Throws<EngineException>(() => view.Files.Rename("/home/a/vol", "/x")).Kind);
        Assert.True(File.Exists(Outside + "/kept"));
    }

    [Fact]
    public async Task AnyChange_ReadOnlyRoot_IsForbiddenAndTheVolumeIsNot()
    {
        await PrepareAsync();
        Directory.CreateDirectory(Outside);
        await using var view = await OpenAsync([new(Outside, "/vol", true)], isReadOnly: true);

        await WriteAsync(view, "/vol/f", "x");

        Assert.Equal(EngineErrorKind.Forbidden, (await Assert.ThrowsAsync<EngineException>(() => WriteAsync(view, "/etc/f", "x"))).Kind);
        Assert.Equal(EngineErrorKind.Forbidden, Assert.Throws<EngineException>(() => view.Files.MakeFolder("/etc/f")).Kind);
        Assert.Equal(EngineErrorKind.Forbidden, Assert.Throws<EngineException>(() => view.Files.Rename("/etc/passwd", "/etc/f")).Kind);
        Assert.Equal(EngineErrorKind.Forbidden, Assert.Throws<EngineException>(() => view.Files.Remove("/etc/passwd")).Kind);
    }

    [Fact]
    public async Task EveryChange_FoldersThatAreSwappedForLinks_StaysInTheContainer()
    {
        var root = await PrepareAsync();
        Directory.CreateDirectory(Outside + "/b");
        await File.WriteAllTextAsync(Outside + "/victim", "secret of the host");
        Directory.CreateDirectory(root + "/a/b");
        var swapping = Tool.RunAsync(
            "bash", "-c",
            "cd $1/a; ln -s $2 evil; while [ ! -e ../stop ]; do mv b c; mv -T evil b; mv -T b evil; mv c b; done", "bash", root, Outside);
        try
        {
            await using var view = await OpenAsync();
            for (var i = 0; i < 200; i++)
            {
                await TryAsync(() => WriteAsync(view, "/a/b/planted", "x", replaces: true));
                await TryAsync(() => Task.Run(() => view.Files.MakeFolder("/a/b/folder")));
                await TryAsync(() => Task.Run(() => view.Files.Rename("/a/b/victim", "/a/b/taken")));
                await TryAsync(() => Task.Run(() => view.Files.Remove("/a/b/victim")));
                await TryAsync(async () =>
                    Assert.DoesNotContain("secret", (await ReadAsync(view, "/a/b/victim", 100)).Text, StringComparison.Ordinal));
            }
        }
        finally
        {
            await File.WriteAllTextAsync(root + "/stop", "");
            await swapping;
        }

        Assert.Equal(["b", "victim"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName).Order());
        Assert.Empty(Directory.GetFileSystemEntries(Outside + "/b"));
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

    private static async Task<(TreeEntry Entry, string Text)> ReadAsync(ITreeView view, string path, long most)
    {
        using var output = new MemoryStream();
        TreeEntry? told = null;
        await view.Files.ReadAsync(path, most, entry =>
        {
            told = entry;
            return ValueTask.FromResult<Stream>(output);
        });
        return (told!, Encoding.UTF8.GetString(output.ToArray()));
    }

    private static Task WriteAsync(ITreeView view, string path, string text, bool replaces = false) =>
        view.Files.WriteAsync(path, new MemoryStream(Encoding.UTF8.GetBytes(text)), replaces);

    private async Task<string> PrepareAsync()
    {
        const string Users = "root:x:0:0::/root:/bin/sh\napp:x:1000:50::/home:/bin/sh\nsecond:x:1000:50::/:/bin/sh\n";
        var chain = await UnpackAsync(new RawTar()
            .Add("etc/", '5', mode: 0x1ED).Add("etc/passwd", data: Encoding.UTF8.GetBytes(Users)).Add("etc/group", data: "staff:x:50:\n"u8.ToArray())
            .Add("etc/app.conf", data: "key=1"u8.ToArray()).Add("etc/to-bin", '2', link: "/bin").Add("etc/out", '2', link: Outside + "/secret")
            .Add("bin/", '5', mode: 0x1ED).Add("home/", '5', mode: 0x1ED).Add("to-etc", '2', link: "etc")
            .Build());
        await Snapshotter.PrepareAsync("c1", chain);
        var root = await Snapshotter.MountAsync("c1");
        await Tool.RunAsync("chown", "1000:50", root + "/etc/app.conf");
        return root;
    }

    private Task<ITreeView> OpenAsync(IReadOnlyList<TreeMount>? mounts = null, bool isReadOnly = false) =>
        new LinuxTreeViews(Snapshotter, Options).OpenAsync("c1", mounts ?? [], isReadOnly);

    /// <summary>Gives some bytes and then fails, as a connection does.</summary>
    private sealed class BrokenStream(int count) : MemoryStream(new byte[count])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            return read > 0 ? read : throw new EndOfStreamException("broken off");
        }
    }
}
