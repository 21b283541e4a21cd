using System.Formats.Tar;
using Portal.Engine.Archives;
using TarReader = Portal.Engine.Archives.TarReader;

namespace Portal.Engine.Tests.Archives;

public sealed class TarEndTests
{
    private const int Block = 512;

    [Theory]
    [InlineData(2 * Block + 3)]
    [InlineData(2 * Block + 100)]
    [InlineData(3 * Block)]
    public async Task LastEntry_WithoutPaddingOrEnd_IsWhole(int kept)
    {
        var reader = new TarReader(new MemoryStream(Archive()[..kept]), new TarLimits());

        Assert.Equal("empty"u8.ToArray(), (await reader.ReadNextAsync(CancellationToken.None))!.PathBytes);
        Assert.Equal("file"u8.ToArray(), (await reader.ReadNextAsync(CancellationToken.None))!.PathBytes);
        var data = new byte[Block];
        Assert.Equal(3, await reader.ReadDataAsync(data));
        Assert.Null(await reader.ReadNextAsync(CancellationToken.None));
    }

    [Fact]
    public async Task LastEntry_WithoutAllOfItsData_IsCutOff()
    {
        var reader = new TarReader(new MemoryStream(Archive()[..(2 * Block + 2)]), new TarLimits());
        await reader.ReadNextAsync(CancellationToken.None);
        await reader.ReadNextAsync(CancellationToken.None);

        await Assert.ThrowsAsync<TarFormatException>(async () => await reader.ReadNextAsync(CancellationToken.None));
    }

    private static byte[] Archive()
    {
        var target = new MemoryStream();
        using (var writer = new TarWriter(target, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "empty"));
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "file") { DataStream = new MemoryStream("abc"u8.ToArray()) });
        }

        return target.ToArray();
    }
}
