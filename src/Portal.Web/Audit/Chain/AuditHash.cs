using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Portal.Data.Entities;

namespace Portal.Web.Audit.Chain;

/// <summary>
/// The hash of an entry: HMAC-SHA256 over the hash before and each field with its length, so that no text can pass for another field's.
/// </summary>
internal static class AuditHash
{
    private const long TicksPerMicrosecond = 10;

    /// <summary>What stands before the first entry.</summary>
    public static byte[] Start { get; } = new byte[32];

    public static byte[] Of(byte[] key, byte[] before, AuditRecord record)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(before);
        Append(hash, Instant(record.At).UtcTicks / TicksPerMicrosecond);
        hash.AppendData(record.ActorId.ToByteArray());
        hash.AppendData((record.NodeId ?? Guid.Empty).ToByteArray());
        string[] texts =
        [
            record.ActorName, record.Address, record.Action, record.ObjectType, record.ObjectId, record.ObjectName,
            record.Outcome, record.Detail,
        ];
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            Append(hash, bytes.Length);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }

    /// <summary>As exactly as PostgreSQL keeps it.</summary>
    public static DateTimeOffset Instant(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TicksPerMicrosecond));

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
