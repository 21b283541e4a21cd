using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Portal.Engine.Content;

/// <summary>
/// A part of a gzip member (RFC 1952) that depends on no other part and ends at a byte, so that parts one behind the other are the whole.
/// Owns pooled memory until it is disposed.
/// </summary>
internal sealed class GzipPiece : IDisposable
{
    /// <summary>Bytes of a piece before it is compressed. The whole is under 1 % larger with pieces of this size than in one.</summary>
    public const int PlainSize = 256 * 1024;

    // A fifth quicker than zlib's usual 6, with less than half a percent more bytes.
    private const int Level = 5;
    private const int HeaderSize = 10;
    private const int SampleSize = 4096;
    private const int TrialSize = 64 * 1024;

    private readonly byte[] _memory;
    private readonly int _end;

    private GzipPiece(byte[] memory, int end, uint checkSum)
    {
        _memory = memory;
        _end = end;
        CheckSum = checkSum;
    }

    /// <summary>The piece, compressed.</summary>
    public ReadOnlyMemory<byte> Content => _memory.AsMemory(HeaderSize.._end);

    /// <summary>CRC-32 of what was compressed.</summary>
    public uint CheckSum { get; }

    /// <param name="plain">At most <see cref="PlainSize"/> bytes, and at least one.</param>
    /// <param name="offset">Where they begin.</param>
    /// <param name="length">How many they are.</param>
    public static GzipPiece Compress(byte[] plain, int offset, int length)
    {
        // Twice the plain bytes: no form of deflate comes near it.
        var memory = ArrayPool<byte>.Shared.Rent(2 * PlainSize);
        try
        {
            var level = IsIncompressible(plain.AsSpan(offset, length), memory) ? 0 : Level;
            var (end, checkSum) = Compress(plain.AsSpan(offset, length), memory, level);
            return new GzipPiece(memory, end, checkSum);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(memory);
            throw;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_memory);

    /// <returns>Where the part ends that others may follow, before the mark of the end.</returns>
    private static (int End, uint CheckSum) Compress(ReadOnlySpan<byte> plain, byte[] memory, int level)
    {
        using var target = new MemoryStream(memory);
        int end;
        using (var gzip = new GZipStream(target, new ZLibCompressionOptions { CompressionLevel = level }, leaveOpen: true))
        {
            gzip.Write(plain);

            // All that was written comes out, up to a whole byte (Z_SYNC_FLUSH).
            gzip.Flush();
            end = (int)target.Position;
        }

        return (end, BinaryPrimitives.ReadUInt32LittleEndian(memory.AsSpan((int)target.Position - 8)));
    }

    /// <summary>
    /// Whether trying is in vain, as with pictures and archives: zlib takes longest for these. Bytes of which some are more frequent than
    /// others can always be compressed; of the rest a part is tried the quickest way, for what repeats itself.
    /// </summary>
    private static bool IsIncompressible(ReadOnlySpan<byte> plain, byte[] memory)
    {
        if (plain.Length < TrialSize)
        {
            return false;
        }

        for (var offset = 0; offset + SampleSize <= plain.Length; offset += PlainSize / 8)
        {
            if (!IsEven(plain.Slice(offset, SampleSize)))
            {
                return false;
            }
        }

        var middle = plain.Slice((plain.Length - TrialSize) / 2, TrialSize);
        return Compress(middle, memory, level: 1).End > TrialSize / 50 * 49;
    }

    /// <summary>
    /// Whether all bytes are about as frequent. The sum of squares is 255 in the mean for noise (Pearson's test); at this bound, knowing the
    /// frequencies would save a half percent.
    /// </summary>
    private static bool IsEven(ReadOnlySpan<byte> sample)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (var value in sample)
        {
            counts[value]++;
        }

        var squares = 0L;
        foreach (var count in counts)
        {
            squares += (long)count * count;
        }

        return (squares * 256 / sample.Length) - sample.Length < 512;
    }
}
