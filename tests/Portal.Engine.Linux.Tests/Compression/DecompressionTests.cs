using System.Security.Cryptography;
using Portal.Engine.Content;
using Portal.Engine.Linux.Compression;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Engine.Linux.Tests.Compression;

public sealed class DecompressionTests : IAsyncLifetime
{
    private static readonly Decompression s_decompression = new(new ZstandardDecoder(), new ArchiveDecoder());
    private TestInstance Instance { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Instance.DisposeAsync();

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("bzip2")]
    [InlineData("xz")]
    public async Task OpenAsync_EachFormatInSeveralStreams_GivesTheContent(string program)
    {
        var content = await MakeAsync(3_000_000);
        var first = await CompressAsync(program, content[..1_000_000]);
        var second = await CompressAsync(program, content[1_000_000..]);

        using var whole = new MemoryStream([.. first, .. second]);

        Assert.Equal(content, await ReadAsync(whole));
    }

    [Theory]
    [InlineData("bzip2")]
    [InlineData("xz")]
    public async Task OpenAsync_OneByteAtATime_GivesTheContent(string program)
    {
        var content = await MakeAsync(50_000);
        var compressed = await CompressAsync(program, content);

        Assert.Equal(content, await ReadAsync(new Dripping(compressed)));
    }

    [Theory]
    [InlineData("bzip2")]
    [InlineData("xz")]
    public async Task OpenAsync_NothingInIt_IsEmpty(string program)
    {
        using var compressed = new MemoryStream(await CompressAsync(program, []));

        Assert.Empty(await ReadAsync(compressed));
    }

    [Theory]
    [InlineData("bzip2")]
    [InlineData("xz")]
    public async Task OpenAsync_CutOffAnywhere_IsMalformed(string program)
    {
        var compressed = await CompressAsync(program, await MakeAsync(20_000));
        foreach (var length in new[] { 8, 20, compressed.Length / 2, compressed.Length - 1 })
        {
            using var cut = new MemoryStream(compressed[..length]);

            await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(cut));
        }
    }

    [Theory]
    [InlineData("bzip2")]
    [InlineData("xz")]
    public async Task OpenAsync_AnyByteDamaged_IsMalformedOrTheSame(string program)
    {
        var content = await MakeAsync(2_000);
        var compressed = await CompressAsync(program, content);
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var damaged = compressed.ToArray();
            damaged[random.Next(6, damaged.Length)] ^= (byte)(1 << random.Next(8));
            using var stream = new MemoryStream(damaged);
            try
            {
                Assert.Equal(content, await ReadAsync(stream));
            }
            catch (InvalidDataException)
            {
                // What both formats' checksums are for.
            }
        }
    }

    [Fact]
    public async Task OpenAsync_XzThatWantsTooMuchMemory_IsRefused()
    {
        // More than the decoder may have. The compressor takes five times that with this finder, which small machines have too.
        const string Options = "--lzma2=dict=192MiB,mf=hc3,mode=fast";
        using var compressed = new MemoryStream(await CompressAsync("xz", await MakeAsync(1_000), Options));

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(compressed));
    }

    [Theory]
    [InlineData("bzip2")]
    [InlineData("xz")]
    public async Task OpenAsync_SomethingElseBehind_IsMalformed(string program)
    {
        var compressed = await CompressAsync(program, await MakeAsync(1_000));
        using var stream = new MemoryStream([.. compressed, .. "no stream of this kind"u8]);

        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(stream));
    }

    private static async Task<byte[]> ReadAsync(Stream compressed)
    {
        await using var plain = await s_decompression.OpenAsync(compressed, CancellationToken.None);
        using var content = new MemoryStream();
        await plain.CopyToAsync(content);
        return content.ToArray();
    }

    /// <summary>Text and noise, so that nothing is all too easy to compress.</summary>
    private static Task<byte[]> MakeAsync(int length)
    {
        var content = new byte[length];
        new Random(length).NextBytes(content);
        content.AsSpan(0, length / 2).Fill((byte)'a');
        return Task.FromResult(content);
    }

    private async Task<byte[]> CompressAsync(string program, byte[] content, params string[] options)
    {
        var path = Instance.TempPath(Convert.ToHexString(SHA256.HashData(content))[..8] + program);
        await File.WriteAllBytesAsync(path, content);
        var suffix = program switch { "gzip" => "gz", "zstd" => "zst", "bzip2" => "bz2", _ => "xz" };
        await Tool.RunAsync(program, ["--keep", "--force", .. options, path]);
        return await File.ReadAllBytesAsync($"{path}.{suffix}");
    }

    private sealed class Dripping(byte[] content) : ReadOnlyStream
    {
        private int _at;

        public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().Result;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_at == content.Length || buffer.IsEmpty)
            {
                return ValueTask.FromResult(0);
            }

            buffer.Span[0] = content[_at++];
            return ValueTask.FromResult(1);
        }
    }
}
