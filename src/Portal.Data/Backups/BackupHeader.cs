using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Portal.Data.Backups;

/// <summary>
/// How a backup begins, in the clear: <c>PORTALB1</c>, the rounds of PBKDF2 (SHA-256) as 4 bytes, big-endian, and 16 bytes of salt.
/// The key of AES-256-GCM comes from the passphrase by them. After it come chunks: 4 bytes of length, whose highest bit marks the last one,
/// that much ciphertext, 16 bytes of tag. The nonce is the chunk's number (8 bytes, big-endian) and 1 for the last one, else 0 (4 bytes);
/// the header is what is authenticated besides. So no chunk can be changed, left out, moved, or cut off unnoticed.
/// </summary>
internal sealed class BackupHeader
{
    public const int Size = 8 + 4 + SaltSize;
    public const int ChunkSize = 64 * 1024;
    public const int TagSize = 16;
    public const uint LastMark = 0x8000_0000;
    private const int SaltSize = 16;
    private const int KeySize = 32;

    // What OWASP recommends for SHA-256. Others may stand in a file, but neither so few that guessing is easy nor so many that it
    // never ends.
    private const int Rounds = 600_000;
    private const int FewestRounds = 100_000;
    private const int MostRounds = 10_000_000;

    private BackupHeader(byte[] bytes, int rounds)
    {
        Bytes = bytes;
        _rounds = rounds;
    }

    private readonly int _rounds;

    /// <summary>As it stands in the file.</summary>
    public byte[] Bytes { get; }

    /// <summary>A fresh one: its salt is used for this file alone, and so is the key.</summary>
    public static BackupHeader Make()
    {
        var bytes = new byte[Size];
        "PORTALB1"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), Rounds);
        RandomNumberGenerator.Fill(bytes.AsSpan(12));
        return new BackupHeader(bytes, Rounds);
    }

    /// <exception cref="BackupException">It is none of ours.</exception>
    public static BackupHeader Parse(byte[] bytes)
    {
        if (bytes.Length != Size || !bytes.AsSpan().StartsWith("PORTALB1"u8))
        {
            throw new BackupException("This is no backup of a portal, or one of a version that this portal does not know.");
        }

        var rounds = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8));
        return rounds is >= FewestRounds and <= MostRounds
            ? new BackupHeader(bytes, rounds)
            : throw new BackupException("The head of this backup is damaged.");
    }

    public AesGcm MakeCipher(string passphrase)
    {
        var key = Rfc2898DeriveBytes.Pbkdf2(passphrase, Bytes.AsSpan(12), _rounds, HashAlgorithmName.SHA256, KeySize);
        try
        {
            return new AesGcm(key, TagSize);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public static void WriteNonce(Span<byte> nonce, ulong number, bool last)
    {
        BinaryPrimitives.WriteUInt64BigEndian(nonce, number);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], last ? 1u : 0u);
    }
}
