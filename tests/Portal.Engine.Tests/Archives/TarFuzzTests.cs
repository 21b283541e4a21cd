using Portal.Engine.Archives;
using Portal.Testing.Fuzzing;
using Portal.Testing.Images;

namespace Portal.Engine.Tests.Archives;

public sealed class TarFuzzTests
{
    private static readonly TarLimits s_limits = new() { MaxBytes = 1 << 20, MaxEntries = 100, MaxHeaderBytes = 4096 };

    private static readonly byte[][] s_archives =
    [
        new RawTar().Add("d/", '5').Add("d/f", data: new byte[700]).Add("l", '2', link: "d").Add("h", '1', link: "d/f").Add("p", '6').Build(),
        new RawTar().AddPax(
            ("path", "long/name"u8.ToArray()), ("size", "700"u8.ToArray()), ("mtime", "1.5"u8.ToArray()), ("SCHILY.xattr.user.x", [0, 255]))
            .Add("x", data: new byte[700]).Build(),
        new RawTar().AddPax(("GNU.sparse.map", "0,5,512,5"u8.ToArray()), ("GNU.sparse.size", "1024"u8.ToArray()))
            .Add("s", data: new byte[10]).Add("after").Build(),
        new RawTar().AddPax(
            ("GNU.sparse.major", "1"u8.ToArray()), ("GNU.sparse.minor", "0"u8.ToArray()), ("GNU.sparse.realsize", "100"u8.ToArray()))
            .Add("s", data: [.. "1\n0\n5\n"u8, .. new byte[506], .. new byte[5]]).Build(),
        new RawTar().Add("././@LongLink", 'L', [.. "a/very/long/name"u8, 0]).Add("x").Add("c", '3', major: 1, minor: 3).Build(),
    ];

    [Fact]
    public async Task ReadNextAsync_SpoiledArchives_EndOrAreRefusedWithinTheBounds()
    {
        await Fuzzer.RunAsync(10_000, async mutator =>
        {
            var archive = mutator.Tar(s_archives);
            var reader = new TarReader(new MemoryStream(archive), s_limits);
            var buffer = new byte[997];
            long data = 0;
            var entries = 0;
            try
            {
                while (await reader.ReadNextAsync() is { } entry)
                {
                    Assert.InRange(entry.PathBytes.Length, 1, 4095);
                    Assert.DoesNotContain((byte)0, entry.PathBytes);
                    Assert.InRange(entry.Size, 0, s_limits.MaxBytes);
                    Assert.InRange(entry.Mode, 0, 0xFFF);
                    Assert.InRange(entry.TimeNanoseconds, 0, 999_999_999);
                    Assert.True(++entries <= s_limits.MaxEntries);
                    for (int read; (read = await reader.ReadDataAsync(buffer)) > 0; data += read)
                    {
                        Assert.True(data <= archive.Length);
                    }
                }
            }
            catch (TarFormatException)
            {
                // Refused, as most of them should be.
            }
        });
    }
}
