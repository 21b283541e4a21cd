using System.Text;
using Portal.Engine.Archives;

namespace Portal.Engine.Tests.Archives;

public sealed class TarOutputTests
{
    public static TheoryData<string> Names => [.. s_entries.Keys];

    private static readonly Dictionary<string, TarEntry> s_entries = new()
    {
        ["plain file"] = TarOutput.File("a/b", 3) with { UserId = 7, GroupId = 8, Mode = 0xFFF, TimeSeconds = 1_700_000_000 },
        ["name that fills the field"] = TarOutput.File(new string('n', 100), 3),
        ["long name"] = TarOutput.File(string.Join('/', Enumerable.Repeat("name", 80)), 3),
        ["name that is no UTF-8"] = TarOutput.File("x", 3) with { PathBytes = [0xFF, 0xFE, (byte)'x'] },
        ["large owner"] = TarOutput.File("f", 3) with { UserId = 4_000_000_000, GroupId = 4_000_000_001 },
        ["nanoseconds"] = TarOutput.File("f", 3) with { TimeSeconds = 5, TimeNanoseconds = 123_456_789 },
        ["before 1970"] = TarOutput.File("f", 3) with { TimeSeconds = -5, TimeNanoseconds = 500_000_000 },
        ["attributes"] = TarOutput.File("f", 3) with
        {
            ExtendedAttributes = new Dictionary<string, byte[]>
            {
                ["user.b"] = [0, 10, 255], ["security.capability"] = new byte[95], ["user.a"] = [],
            },
        },
        ["folder"] = TarOutput.Folder("folder/") with { Mode = 0x3FF },
        ["symbolic link"] = Link(TarEntryKind.SymbolicLink, "../" + new string('t', 200)),
        ["hard link"] = Link(TarEntryKind.HardLink, "a/b"),
        ["device"] = Link(TarEntryKind.CharacterDevice, "") with { DeviceMajor = 0xFFF, DeviceMinor = 0xFFFFF },
        ["pipe"] = Link(TarEntryKind.Fifo, ""),
    };

    [Fact]
    public async Task WrittenHeader_HasItsVersionAndNamesNoOwner()
    {
        var block = await WriteAsync(s_entries["plain file"]);

        Assert.Equal("ustar\u000000", Encoding.Latin1.GetString(block, 257, 8));
        Assert.Equal(new byte[64], block[265..329]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task WrittenEntry_IsReadAsItWas(string what)
    {
        var entry = s_entries[what];
        var reader = new TarReader(new MemoryStream(await WriteAsync(entry)), new TarLimits());

        var read = (await reader.ReadNextAsync(CancellationToken.None))!;
        var data = new byte[8];
        var length = await reader.ReadDataAsync(data, CancellationToken.None);

        Assert.Equal(entry.PathBytes, read.PathBytes);
        Assert.Equal(entry.LinkBytes, read.LinkBytes);
        Assert.Equal(entry.ExtendedAttributes, read.ExtendedAttributes);
        Assert.Equal(
            (entry.Kind, entry.Mode, entry.UserId, entry.GroupId, entry.Size, entry.TimeSeconds, entry.TimeNanoseconds),
            (read.Kind, read.Mode, read.UserId, read.GroupId, read.Size, read.TimeSeconds, read.TimeNanoseconds));
        Assert.Equal((entry.DeviceMajor, entry.DeviceMinor), (read.DeviceMajor, read.DeviceMinor));
        Assert.Equal(entry.Kind == TarEntryKind.File ? "abc" : "", Encoding.ASCII.GetString(data, 0, length));
        Assert.Null(await reader.ReadNextAsync(CancellationToken.None));
    }

    [Fact]
    public async Task SameEntries_GiveTheSameBytes()
    {
        var entries = s_entries.Values.ToArray();

        Assert.Equal(await WriteAsync(entries), await WriteAsync(entries));
    }

    [Fact]
    public async Task DataThatDoesNotFitTheSize_IsRefused()
    {
        var tar = new TarOutput(new MemoryStream());
        await tar.BeginAsync(TarOutput.File("f", 2), CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await tar.WriteAsync(new byte[3], CancellationToken.None));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await tar.FinishAsync(CancellationToken.None));
    }

    private static TarEntry Link(TarEntryKind kind, string target) => new()
    {
        Kind = kind, PathBytes = "link"u8.ToArray(), LinkBytes = Encoding.UTF8.GetBytes(target), Mode = 0x1FF,
    };

    private static async Task<byte[]> WriteAsync(params TarEntry[] entries)
    {
        using var stream = new MemoryStream();
        var tar = new TarOutput(stream);
        foreach (var entry in entries)
        {
            await tar.BeginAsync(entry, CancellationToken.None);
            if (entry.Kind == TarEntryKind.File)
            {
                await tar.WriteAsync("abc"u8.ToArray(), CancellationToken.None);
            }
        }

        await tar.FinishAsync(CancellationToken.None);
        return stream.ToArray();
    }
}
