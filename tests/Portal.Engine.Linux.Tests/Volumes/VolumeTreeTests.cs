using System.Net.Sockets;
using System.Text;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Volumes;
using Portal.Engine.Volumes.Contents;
using Portal.Engine.Volumes.Drivers;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Volumes;

public sealed class VolumeTreeTests : IAsyncLifetime
{
    private TestInstance Instance { get; } = new();

    private IVolumeTree _tree = null!;

    private string Root => Instance.TempPath("volume");

    private string Outside => Instance.TempPath("outside");

    public Task InitializeAsync()
    {
        Directory.CreateDirectory(Root);
        Directory.CreateDirectory(Outside);
        File.WriteAllText(Outside + "/secret", "secret of the host");
        _tree = new LinuxVolumeTrees().Open(Root);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _tree.Dispose();
        await Instance.DisposeAsync();
    }

    [Fact]
    public async Task List_Pages_HaveFoldersFirstAndEveryNameOnce()
    {
        await ShellAsync("mkdir f1 f0; for i in $(seq 1 25); do : > n$i; done; ln -s n1 a-link");

        var names = new List<string>();
        var token = "";
        do
        {
            var page = List("", new VolumeListing { PageSize = 7, Token = token });
            Assert.InRange(page.Files.Count, 1, 7);
            Assert.Equal(28, page.Total);
            names.AddRange(page.Files.Select(file => file.Name));
            token = page.NextToken;
        }
        while (token.Length > 0);

        string[] rest = [.. Enumerable.Range(1, 25).Select(i => $"n{i}"), "a-link"];
        Assert.Equal(["f0", "f1", .. rest.Order(StringComparer.Ordinal)], names);
    }

    [Fact]
    public async Task List_PartOfNames_FindsThose()
    {
        await ShellAsync(": > abc; : > xbcx; : > other");

        var page = List("/", new VolumeListing { NameContains = "bc" });

        Assert.Equal(["abc", "xbcx"], page.Files.Select(file => file.Name));
        Assert.Equal(2, page.Total);
    }

    [Fact]
    public async Task List_EmptyFolder_IsOneEmptyPage()
    {
        await ShellAsync("mkdir f");

        var page = List("f");

        Assert.Equal((0, "", 0L), (page.Files.Count, page.NextToken, page.Total));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("////")]
    [InlineData("AA==")]
    [InlineData("AgBB")]
    public void List_ForeignToken_IsRefused(string token)
    {
        AssertKind(EngineErrorKind.InvalidArgument, () => List("", new VolumeListing { Token = token }));
    }

    [Fact]
    public async Task List_FolderOfMany_GoesOnWhereThePageEnded()
    {
        await ShellAsync("seq -f n%06g 1 60000 | xargs touch");

        var page = List("", new VolumeListing { PageSize = 10, Token = List("", new VolumeListing { PageSize = 1000 }).NextToken });

        Assert.Equal(("n001001", 60000L), (page.Files[0].Name, page.Total));
    }

    [Fact]
    public async Task Stat_EveryKind_IsToldWithoutOpeningIt()
    {
        await ShellAsync("mkfifo p; mknod c c 1 3; mkdir d; ln -s /etc/shadow l; printf abc > f; chmod 640 f; chown 7:8 f; touch -d @12.5 f");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Root + "/s"));

        var kinds = List("").Files.ToDictionary(file => file.Name, file => file.Kind);
        var plain = Stat("f");

        Assert.Equal(
            (VolumeFileKind.Special, VolumeFileKind.Special, VolumeFileKind.Special, VolumeFileKind.Folder, VolumeFileKind.Link),
            (kinds["p"], kinds["c"], kinds["s"], kinds["d"], kinds["l"]));
        Assert.Equal("/etc/shadow", Stat("l").LinkTarget);
        Assert.Equal((3L, 0x81A0, 7u, 8u), (plain.Size, plain.Mode, plain.UserId, plain.GroupId));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(12500), plain.Modified);
        Assert.Equal(("", VolumeFileKind.Folder), (Stat("").Name, Stat("/").Kind));
    }

    [Fact]
    public async Task Read_FifoDeviceFolderOrLink_IsRefusedAtOnce()
    {
        await ShellAsync("mkfifo p; mknod c c 1 5; mkdir d; : > f; ln -s f l");

        foreach (var name in (string[])["p", "c", "d", "l"])
        {
            Assert.Equal(EngineErrorKind.InvalidArgument, (await Assert.ThrowsAsync<EngineException>(() => ReadAsync(name))).Kind);
        }
    }

    [Fact]
    public async Task Read_PartOfAFile_IsThatPart()
    {
        await File.WriteAllTextAsync(Root + "/f", "0123456789");

        Assert.Equal("0123456789", await ReadAsync("f"));
        Assert.Equal("34", await ReadAsync("f", 3, 2));
        Assert.Equal("89", await ReadAsync("f", 8, long.MaxValue));
        Assert.Equal("", await ReadAsync("f", 20));
    }

    [Fact]
    public async Task Names_ThatAreNoText_GoRound()
    {
        await ShellAsync("mkdir $'b\\xff'; printf 1 > $'b\\xff/c\\\\x41'");

        var folder = Assert.Single(List("").Files).Name;
        var file = Assert.Single(List(folder).Files).Name;

        Assert.Equal((@"b\xff", @"c\x5cx41"), (folder, file));
        Assert.Equal("1", await ReadAsync($"{folder}/{file}"));
    }

    [Fact]
    public async Task Links_WithinTheVolume_AreFollowedOnTheWay()
    {
        await ShellAsync("mkdir -p a/b; printf x > a/b/f; ln -s a/b near; ln -s ../a a/up");

        Assert.Equal("x", await ReadAsync("near/f"));
        Assert.Equal("x", await ReadAsync("a/up/b/f"));
    }

    [Fact]
    public async Task Links_ThatLeadOut_AreForbiddenToEveryMember()
    {
        await ShellAsync($"ln -s {Outside} abs; ln -s ../outside rel; ln -s /proc/self/root magic; ln -s loop loop; : > f");
        foreach (var name in (string[])["abs", "rel", "magic"])
        {
            AssertKind(EngineErrorKind.Forbidden, () => List(name + "/x"));
            AssertKind(EngineErrorKind.Forbidden, () => Stat(name + "/secret"));
            AssertKind(EngineErrorKind.Forbidden, () => _tree.MakeFolder(VolumePath.Parse(name + "/new"), 0x1ED));
            AssertKind(EngineErrorKind.Forbidden, () => _tree.Rename(VolumePath.Parse("f"), VolumePath.Parse(name + "/f")));
            AssertKind(EngineErrorKind.Forbidden, () => _tree.Rename(VolumePath.Parse(name + "/secret"), VolumePath.Parse("g")));
            AssertKind(EngineErrorKind.Forbidden, () => Delete(name + "/secret", recursive: true));
            await AssertKindAsync(EngineErrorKind.Forbidden, () => ReadAsync(name + "/secret"));
            await AssertKindAsync(EngineErrorKind.Forbidden, () => WriteAsync(name + "/new", "x"));

            // The link itself is no folder.
            AssertKind(EngineErrorKind.InvalidArgument, () => List(name));
        }

        AssertKind(EngineErrorKind.InvalidArgument, () => Stat("loop/x"));
        Assert.Equal(["secret"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Write_NewFile_HasItsFoldersOwnerAndAppearsWhole()
    {
        await ShellAsync("mkdir d; chown 12:34 d");

        var file = await WriteAsync("d/new", "content", new VolumeWrite { Mode = 0x1A0, Size = 7 });

        Assert.Equal(("new", 7L, 0x81A0, 12u, 34u), (file.Name, file.Size, file.Mode, file.UserId, file.GroupId));
        Assert.Equal("content", await File.ReadAllTextAsync(Root + "/d/new"));
        Assert.Single(Directory.GetFileSystemEntries(Root + "/d"));
    }

    [Fact]
    public async Task Write_ExistingFile_IsReplacedOnlyWhenAskedTo()
    {
        await ShellAsync("printf old > f; chmod 600 f; chown 5:6 f; mkdir d; ln -s f l");

        await AssertKindAsync(EngineErrorKind.AlreadyExists, () => WriteAsync("f", "new"));
        await AssertKindAsync(EngineErrorKind.InvalidArgument, () => WriteAsync("d", "new", new VolumeWrite { Replace = true }));
        await AssertKindAsync(EngineErrorKind.InvalidArgument, () => WriteAsync("l", "new", new VolumeWrite { Replace = true }));
        var file = await WriteAsync("f", "new", new VolumeWrite { Replace = true });

        Assert.Equal((0x8180, 5u, 6u), (file.Mode, file.UserId, file.GroupId));
        Assert.Equal("new", await File.ReadAllTextAsync(Root + "/f"));
        Assert.Equal(3, Directory.GetFileSystemEntries(Root).Length);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    public async Task Write_OtherSizeThanAnnounced_ChangesNothing(long size)
    {
        await File.WriteAllTextAsync(Root + "/f", "old");

        await AssertKindAsync(EngineErrorKind.InvalidArgument, () => WriteAsync("f", "newer", new VolumeWrite { Replace = true, Size = size }));

        Assert.Equal("old", await File.ReadAllTextAsync(Root + "/f"));
        Assert.Single(Directory.GetFileSystemEntries(Root));
    }

    [Fact]
    public async Task Write_StreamThatBreaksOff_LeavesNothing()
    {
        await Assert.ThrowsAsync<IOException>(
            () => _tree.WriteAsync(VolumePath.Parse("f"), new VolumeWrite(), new BrokenStream(), CancellationToken.None));

        Assert.Empty(Directory.GetFileSystemEntries(Root));
    }

    [Fact]
    public async Task Rename_TakenName_IsNeverReplaced()
    {
        await ShellAsync("printf a > a; printf b > b; mkdir d e; : > d/x");

        AssertKind(EngineErrorKind.AlreadyExists, () => Rename("a", "b"));
        AssertKind(EngineErrorKind.AlreadyExists, () => Rename("d", "e"));
        AssertKind(EngineErrorKind.NotFound, () => Rename("nothing", "c"));
        AssertKind(EngineErrorKind.NotFound, () => Rename("a", "nowhere/c"));
        AssertKind(EngineErrorKind.InvalidArgument, () => Rename("d", "d/below"));
        Assert.Equal("moved", Rename("a", "d/moved").Name);
        Assert.Equal("a", await File.ReadAllTextAsync(Root + "/d/moved"));
    }

    [Fact]
    public async Task Delete_FolderWithSomethingInIt_TakesTheWord()
    {
        await ShellAsync("mkdir -p d/e; : > d/e/f; mkfifo p; ln -s d l; mkdir empty");

        AssertKind(EngineErrorKind.Conflict, () => Delete("d"));
        Delete("l");
        Delete("p");
        Delete("empty");
        Assert.True(File.Exists(Root + "/d/e/f"));
        Delete("d", recursive: true);

        Assert.Empty(Directory.GetFileSystemEntries(Root));
        AssertKind(EngineErrorKind.NotFound, () => Delete("d", recursive: true));
    }

    [Fact]
    public async Task MakeFolder_New_HasModeAndOwnerOfItsFolder()
    {
        await ShellAsync("mkdir d; chown 3:4 d");

        var made = _tree.MakeFolder(VolumePath.Parse("d/new"), 0x1C0);

        Assert.Equal((0x41C0, 3u, 4u), (made.Mode, made.UserId, made.GroupId));
        AssertKind(EngineErrorKind.AlreadyExists, () => _tree.MakeFolder(VolumePath.Parse("d/new"), 0x1C0));
        AssertKind(EngineErrorKind.NotFound, () => _tree.MakeFolder(VolumePath.Parse("x/y"), 0x1C0));
    }

    [Fact]
    public async Task EveryMember_LinksThatAreSwappedMeanwhile_NeverLeaveTheVolume()
    {
        await ShellAsync("mkdir -p a/b; printf own > a/b/secret");
        var swapping = Tool.RunAsync(
            "bash", "-c",
            "cd $1/a; ln -s $2 evil; ln -s ../../outside evil2; while [ ! -e ../stop ]; do mv b c; mv -T evil b; mv -T b evil;"
            + " mv -T evil2 b; mv -T b evil2; mv c b; done",
            "bash", Root, Outside);
        try
        {
            for (var i = 0; i < 300; i++)
            {
                Assert.DoesNotContain("host", await TryAsync(() => ReadAsync("a/b/secret")));
                await TryAsync(async () => (await WriteAsync($"a/b/w{i}", "x")).Name);
                await TryAsync(() => Task.FromResult(_tree.MakeFolder(VolumePath.Parse($"a/b/d{i}"), 0x1ED).Name));
                await TryAsync(() => Task.FromResult(Rename("a/b/secret", $"a/b/s{i}").Name));
                await TryAsync(() => Task.FromResult(Rename($"a/b/s{i}", "a/b/secret").Name));
                await TryAsync(() => Task.FromResult(Delete($"a/b/d{i}", recursive: true)));
            }
        }
        finally
        {
            await File.WriteAllTextAsync(Root + "/stop", "");
            await swapping;
        }

        Assert.Equal(["secret"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName));
        Assert.Equal("secret of the host", await File.ReadAllTextAsync(Outside + "/secret"));
    }

    [Fact]
    public async Task ReadArchive_Folder_IsATar()
    {
        await ShellAsync("mkdir -p d/e; printf abc > d/e/f; mkfifo d/p");
        using var output = new MemoryStream();

        await _tree.ReadArchiveAsync(VolumePath.Parse("d"), _ => ValueTask.FromResult<Stream>(output), CancellationToken.None);

        await File.WriteAllBytesAsync(Instance.TempPath("a.tar"), output.ToArray());
        var listed = await Tool.RunAsync("tar", "tf", Instance.TempPath("a.tar"));
        Assert.Equal("d/\nd/e/\nd/e/f\nd/p\n", listed);
    }

    private static async Task<string> TryAsync(Func<Task<string>> act)
    {
        try
        {
            return await act();
        }
        catch (EngineException failure)
        {
            return failure.Kind.ToString();
        }
    }

    private static void AssertKind(EngineErrorKind kind, Func<object> act) => Assert.Equal(kind, Assert.Throws<EngineException>(act).Kind);

    private static async Task AssertKindAsync<T>(EngineErrorKind kind, Func<Task<T>> act) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<EngineException>(act)).Kind);

    private Task ShellAsync(string script) => Tool.RunAsync("bash", "-c", "cd $1; " + script, "bash", Root);

    private VolumePage List(string path, VolumeListing? listing = null) =>
        _tree.List(VolumePath.Parse(path), listing ?? new VolumeListing(), CancellationToken.None);

    private VolumeFile Stat(string path) => _tree.Stat(VolumePath.Parse(path));

    private VolumeFile Rename(string path, string newPath) => _tree.Rename(VolumePath.Parse(path), VolumePath.Parse(newPath));

    private string Delete(string path, bool recursive = false)
    {
        _tree.Delete(VolumePath.Parse(path), recursive);
        return path;
    }

    private Task<VolumeFile> WriteAsync(string path, string content, VolumeWrite? how = null)
    {
        var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        return _tree.WriteAsync(VolumePath.Parse(path), how ?? new VolumeWrite(), stream, CancellationToken.None);
    }

    private async Task<string> ReadAsync(string path, long offset = 0, long length = 0)
    {
        using var output = new MemoryStream();
        await _tree.ReadAsync(
            VolumePath.Parse(path), offset, length, _ => ValueTask.FromResult<Stream>(output), CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("cut off");
    }
}
