using System.Buffers.Binary;

namespace Portal.Engine.Linux.Volumes.Archives;

/// <summary>
/// The end of a volume's archive: a skippable frame (RFC 8878, 3.1.2), which every decoder passes over, with the SHA-256 of all bytes
/// before it. Its length is fixed, so that it is found without knowing how long the archive is.
/// </summary>
internal static class ArchiveTrailer
{
    public const int Length = 8 + 8 + 32;
    private const uint Magic = 0x184D2A5A;

    private static ReadOnlySpan<byte> Mark => "PORTALv1"u8;

    public static byte[] Make(ReadOnlySpan<byte> digest)
    {
        var trailer = new byte[Length];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(4), Length - 8);
        Mark.CopyTo(trailer.AsSpan(8));
        digest.CopyTo(trailer.AsSpan(16));
        return trailer;
    }

    /// <summary>True when it is a trailer, and tells of just these bytes.</summary>
    public static bool Confirms(ReadOnlySpan<byte> trailer, ReadOnlySpan<byte> digest) => trailer.SequenceEqual(Make(digest));
}
