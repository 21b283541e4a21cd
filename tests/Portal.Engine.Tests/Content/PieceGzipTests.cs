using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Portal.Engine.Content;

namespace Portal.Engine.Tests.Content;

public sealed class PieceGzipTests : IDisposable
{
    private const int Piece = GzipPiece.PlainSize;
    private readonly PieceGzip _gzip = new(3);

    public static TheoryData<int> Lengths { get; } =
        [0, 1, 2, 100, 4095, 65_535, 65_536, 65_537, Piece - 1, Piece, Piece + 1, (4 * Piece) - 1, 9 * Piece, (11 * Piece) + 12_345];

    [Theory]
    [MemberData(nameof(Lengths))]
    public async Task CompressAsync_AnyLength_ComesBackAsItWas(int length)
    {
        foreach (var plain in new[] { Noise(length), Text(length), Mixed(length), new byte[length] })
        {
            var packed = await CompressAsync(plain);

            Assert.True(plain.AsSpan().SequenceEqual(Unpack(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress))));
        }
    }

    [Fact]
    public async Task CompressAsync_ManyPieces_IsOneMember()
    {
        var plain = Mixed((7 * Piece) + 77);
        var packed = await CompressAsync(plain);

        // All that is between header and sums is one run of deflate: who reads no second member gets the whole.
        var body = Unpack(new DeflateStream(new MemoryStream(packed, 10, packed.Length - 18), CompressionMode.Decompress));
        Assert.True(plain.AsSpan().SequenceEqual(body));
        Assert.Equal((uint)plain.Length, BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(packed.Length - 4)));

        // The framework's own sum over all of it.
        var whole = Pack(plain);
        Assert.Equal(whole[^8..], packed[^8..]);
    }

    [Fact]
    public async Task CompressAsync_OneByteOfTheSums_IsNoticed()
    {
        var packed = await CompressAsync(Text(3 * Piece));
        packed[^7] ^= 1;

        Assert.Throws<InvalidDataException>(() => Unpack(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress)));
    }

    [Fact]
    public async Task CompressAsync_Noise_GrowsByNothingThatCounts()
    {
        Assert.InRange((await CompressAsync(Noise(8 * Piece))).Length, 8 * Piece, (8 * Piece) + (8 * Piece / 1000));
    }

    [Fact]
    public async Task CompressAsync_Text_IsAboutAsSmallAsInOnePiece()
    {
        var plain = Text(8 * Piece);

        Assert.InRange((await CompressAsync(plain)).Length, 1, Pack(plain).Length * 1.03);
    }

    [Fact]
    public async Task CompressAsync_NoiseThatRepeatsItself_IsCompressed()
    {
        var noise = Noise(16 * 1024);
        var plain = Enumerable.Repeat(noise, 64).SelectMany(part => part).ToArray();

        Assert.InRange((await CompressAsync(plain)).Length, 1, plain.Length / 4);
    }

    [Fact]
    public async Task CompressAsync_FewValuesInAnyOrder_IsCompressed()
    {
        var plain = Noise(4 * Piece).Select(value => (byte)(value & 0x7F)).ToArray();

        Assert.InRange((await CompressAsync(plain)).Length, 1, plain.Length * 0.89);
    }

    [Fact]
    public async Task CompressAsync_ReadInAnyParts_IsTheSame()
    {
        var plain = Mixed((2 * Piece) + 5);

        Assert.Equal(await CompressAsync(plain), await CompressAsync(new Trickle(plain)));
    }

    [Fact]
    public async Task CompressAsync_ManyAtOnce_AreEachTheirOwn()
    {
        var plains = Enumerable.Range(0, 12).Select(number => Mixed((number * Piece / 2) + number)).ToList();

        var packed = await Task.WhenAll(plains.Select(CompressAsync));

        Assert.All(plains.Zip(packed), pair => Assert.True(
            pair.First.AsSpan().SequenceEqual(Unpack(new GZipStream(new MemoryStream(pair.Second), CompressionMode.Decompress)))));
    }

    [Fact]
    public async Task CompressAsync_TargetThatIsFull_FailsAndTheNextOneWorks()
    {
        var plain = Text(9 * Piece);

        await Assert.ThrowsAsync<NotSupportedException>(
            () => _gzip.CompressAsync(new MemoryStream(plain), new MemoryStream(new byte[100]), _ => { }, CancellationToken.None));

        Assert.NotEmpty(await CompressAsync(plain));
    }

    [Fact]
    public async Task CompressAsync_SourceThatBreaks_FailsAndTheNextOneWorks()
    {
        var broken = new Trickle(Text(5 * Piece)) { BreaksAt = 4 * Piece };

        await Assert.ThrowsAsync<InvalidDataException>(
            () => _gzip.CompressAsync(broken, new MemoryStream(), _ => { }, CancellationToken.None));

        Assert.NotEmpty(await CompressAsync(Text(5 * Piece)));
    }

    [Fact]
    public async Task CompressAsync_Cancelled_StopsAndTheNextOneWorks()
    {
        using var stop = new CancellationTokenSource();
        var read = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _gzip.CompressAsync(
            new MemoryStream(Text(20 * Piece)), new MemoryStream(), _ => StopAfter(3), stop.Token));

        Assert.NotEmpty(await CompressAsync(Text(5 * Piece)));

        void StopAfter(int pieces)
        {
            if (++read == pieces)
            {
                stop.Cancel();
            }
        }
    }

    public void Dispose() => _gzip.Dispose();

    private Task<byte[]> CompressAsync(byte[] plain) => CompressAsync(new MemoryStream(plain));

    private async Task<byte[]> CompressAsync(Stream plain)
    {
        var target = new MemoryStream();
        var seen = 0L;
        await _gzip.CompressAsync(plain, target, part => seen += part.Length, CancellationToken.None);
        Assert.Equal(plain.Length, seen);
        return target.ToArray();
    }

    private static byte[] Unpack(Stream packed)
    {
        using var owned = packed;
        var plain = new MemoryStream();
        packed.CopyTo(plain);
        return plain.ToArray();
    }

    private static byte[] Pack(byte[] plain)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal))
        {
            gzip.Write(plain);
        }

        return target.ToArray();
    }

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(length).NextBytes(noise);
        return noise;
    }

    private static byte[] Text(int length)
    {
        var random = new Random(length);
        var text = new StringBuilder(length + 20);
        while (text.Length < length)
        {
            text.Append("word ").Append(random.Next(5000)).Append(random.Next(9) == 0 ? '\n' : ' ');
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, length));
    }

    /// <summary>Noise and text by turns, with seams that lie nowhere in particular.</summary>
    private static byte[] Mixed(int length)
    {
        var (noise, text) = (Noise(length), Text(length));
        return [.. Enumerable.Range(0, length).Select(at => at / 333_333 % 2 == 0 ? noise[at] : text[at])];
    }

    /// <summary>Gives few bytes at a time, and may break.</summary>
    private sealed class Trickle(byte[] content) : MemoryStream(content)
    {
        public long BreaksAt { get; init; } = long.MaxValue;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position >= BreaksAt
                ? throw new InvalidDataException("The source is broken.")
                : base.ReadAsync(buffer[..Math.Min(buffer.Length, 777)], cancellationToken);
    }
}
