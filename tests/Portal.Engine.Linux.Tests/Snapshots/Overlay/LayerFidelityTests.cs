using System.Text;
using Portal.Engine.Linux.Interop;
using Portal.Testing.Images;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Snapshots.Overlay;

public sealed class LayerFidelityTests : OverlayTestBase
{
    [Fact]
    public async Task UnpackAsync_OwnersModesTimes_Survive()
    {
        var root = await MountAsync(await UnpackAsync(new RawTar()
            .Add("./", '5', mode: 0x1ED, user: 3, group: 4)
            .Add("d/", '5', mode: 0x3FF, user: 7, group: 8, time: 1_600_000_000)
            .Add("d/suid", data: "x"u8.ToArray(), mode: 0x9ED, user: 1000, group: 1001, time: 1_500_000_000)
            .Add("d/link", '2', link: "/nowhere", user: 5, group: 6)
            .Add("d/hard", '1', link: "d/suid")
            .Add("d/fifo", '6', mode: 0x1B6)
            .Add("d/null", '3', mode: 0x1B6, major: 1, minor: 3)
            .Build()));

        Assert.Equal("755 3:4 directory", await StatAsync(root));
        Assert.Equal("1777 7:8 directory", await StatAsync(root + "/d"));
        Assert.Equal("4755 1000:1001 regular file", await StatAsync(root + "/d/suid"));
        Assert.Equal("777 5:6 symbolic link", await StatAsync(root + "/d/link"));
        Assert.Equal("666 0:0 fifo", await StatAsync(root + "/d/fifo"));
        Assert.Equal("666 0:0 character special file", await StatAsync(root + "/d/null"));
        Assert.Equal("1:3", (await Tool.RunAsync("stat", "-c", "%Hr:%Lr", root + "/d/null")).Trim());
        Assert.Equal("2", (await Tool.RunAsync("stat", "-c", "%h", root + "/d/suid")).Trim());
        Assert.Equal("1500000000", (await Tool.RunAsync("stat", "-c", "%Y", root + "/d/hard")).Trim());
        Assert.Equal("1600000000", (await Tool.RunAsync("stat", "-c", "%Y", root + "/d")).Trim());
    }

    [Fact]
    public async Task UnpackAsync_PaxRecords_GiveLongNamesNanosecondsAndBinaryAttributes()
    {
        var longName = string.Join('/', Enumerable.Repeat(new string('n', 90), 5)) + "/ä";
        byte[] capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var root = await MountAsync(await UnpackAsync(new RawTar()
            .AddPax(
                ("path", Encoding.UTF8.GetBytes(longName)),
                ("mtime", "1500000000.123456789"u8.ToArray()),
                ("uid", "3000000"u8.ToArray()),
                ("SCHILY.xattr.security.capability", capability),
                ("SCHILY.xattr.user.note", [0xFF, 0, 0x80]))
            .Add("short", data: "x"u8.ToArray())
            .Build()));

        var path = $"{root}/{longName}";
        Assert.Equal("1500000000.123456789", (await Tool.RunAsync("stat", "-c", "%.9Y", path)).Trim());
        Assert.Equal("3000000", (await Tool.RunAsync("stat", "-c", "%u", path)).Trim());
        using var file = File.OpenHandle(path);
        Assert.Equal(capability, FileCalls.GetAttribute(file, "security.capability"));
        Assert.Equal([0xFF, 0, 0x80], FileCalls.GetAttribute(file, "user.note"));
    }

    [Fact]
    public async Task UnpackAsync_ArchiveOfGnuTar_IsEqualToTheOriginal()
    {
        var source = Directory.CreateDirectory(Instance.TempPath("source")).FullName;
        var deep = Directory.CreateDirectory(Path.Combine(source, new string('d', 90), new string('e', 90))).FullName;
        await File.WriteAllTextAsync(Path.Combine(deep, "file"), "deep");
        await Tool.RunAsync("truncate", "-s", "5M", Path.Combine(source, "sparse"));
        await Tool.RunAsync("dd", "if=/dev/urandom", $"of={source}/sparse", "bs=4096", "count=3", "seek=600", "conv=notrunc");
        await Tool.RunAsync("dd", "if=/dev/urandom", $"of={source}/sparse", "bs=4096", "count=1", "seek=5", "conv=notrunc");
        foreach (var format in new[] { "gnu", "pax", "posix --sparse-version=0.0", "posix --sparse-version=0.1", "ustar" })
        {
            var archive = Instance.TempPath("archive.tar");
            string[] options = format == "ustar" ? ["--exclude=sparse"] : ["--sparse"];
            await Tool.RunAsync("tar", [.. $"--format={format}".Split(' '), .. options, "-C", source, "-cf", archive, "."]);
            var name = "c" + format.GetHashCode();
            var root = await MountAsync(await UnpackAsync(await File.ReadAllBytesAsync(archive)), name.Replace("-", "x"));

            var exclude = format == "ustar" ? "--exclude=sparse" : "--exclude=";
            await Tool.RunAsync("diff", "-r", exclude, source, root);
            if (format != "ustar")
            {
                Assert.True(int.Parse(await Tool.RunAsync("stat", "-c", "%b", root + "/sparse")) < 2000, format);
            }
        }
    }

    [Fact]
    public async Task UnpackAsync_NameThatIsNoUtf8_SurvivesAndCanBeRemoved()
    {
        var chain = await UnpackAsync(new RawTar().AddPax(("path", [0xFF, 0xFE])).Add("x", data: "1"u8.ToArray()).Build());
        var root = await MountAsync(chain);

        Assert.Equal("\\377\\376\n", await Tool.RunAsync("ls", "--quoting-style=escape", root));

        await Snapshotter.RemoveAsync("c1");
        await Snapshotter.RemoveLayerAsync(chain);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", "layers")));
        await Snapshotter.WaitForSpaceAsync();
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(Instance.DataRoot, "overlay", "trash")));
    }

    [Fact]
    public async Task UnpackAsync_Whiteouts_HideTheLayersBelow()
    {
        var lower = await UnpackAsync(new RawTar()
            .Add("a", data: "a"u8.ToArray()).Add("d/", '5').Add("d/x", data: "x"u8.ToArray()).Add("d/y", data: "y"u8.ToArray())
            .Add("e/", '5').Add("e/z", data: "z"u8.ToArray()).Add("f/", '5').Add("f/old", data: "o"u8.ToArray()).Build());
        var upper = await UnpackAsync(
            new RawTar()
                .Add(".wh.a").Add("d/", '5').Add("d/.wh.x").Add("e/", '5').Add("e/.wh..wh..opq").Add("e/new", data: "n"u8.ToArray())
                .Add(".wh.f").Add("f/", '5').Add("f/new", data: "n"u8.ToArray()).Add(".wh..wh.plnk/1.2")
                .Build(),
            lower);

        var root = await MountAsync(upper);

        Assert.Equal(["d", "e", "f"], Names(root));
        Assert.Equal(["y"], Names(root + "/d"));
        Assert.Equal(["new"], Names(root + "/e"));
        Assert.Equal(["new"], Names(root + "/f"));
    }

    [Fact]
    public async Task UnpackAsync_DuplicateEntries_TheLastOneCounts()
    {
        var root = await MountAsync(await UnpackAsync(new RawTar()
            .Add("a", data: "old"u8.ToArray()).Add("a", data: "new"u8.ToArray())
            .Add("d/", '5').Add("d/x", data: "x"u8.ToArray()).Add("d", data: "now a file"u8.ToArray())
            .Add("l", '2', link: "a").Add("l/", '5').Add("l/inside", data: "i"u8.ToArray())
            .Build()));

        Assert.Equal("new", await File.ReadAllTextAsync(root + "/a"));
        Assert.Equal("now a file", await File.ReadAllTextAsync(root + "/d"));
        Assert.Equal("i", await File.ReadAllTextAsync(root + "/l/inside"));
    }

    private static IEnumerable<string?> Names(string folder) =>
        Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private static async Task<string> StatAsync(string path) => (await Tool.RunAsync("stat", "-c", "%a %u:%g %F", path)).Trim();
}
