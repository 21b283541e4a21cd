using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Portal.Engine.Networks.Dns;

/// <summary>Writes answers (RFC 1035, 4.1).</summary>
internal static class DnsAnswer
{
    public const int FormatError = 1;
    public const int ServerFailure = 2;
    public const int NotImplemented = 4;

    private const int LongestDatagram = 512;
    private const int RecordHeadLength = 12;

    // Containers come and go: nobody shall remember an address for long.
    private const uint TimeToLive = 5;

    /// <summary>An answer without records.</summary>
    public static byte[] Empty(ReadOnlySpan<byte> query, DnsQuestion? question, int code)
    {
        var length = question?.End ?? DnsQuestion.HeaderLength;
        var answer = query[..length].ToArray();
        WriteHeader(answer, question, code, records: 0, isTruncated: false);
        return answer;
    }

    /// <summary>The addresses of a name, all of one family, as many as a datagram of the first days holds, or a stream.</summary>
    public static byte[] Addresses(ReadOnlySpan<byte> query, DnsQuestion question, IReadOnlyList<IPAddress> addresses, bool isStream)
    {
        var size = addresses[0].AddressFamily == AddressFamily.InterNetworkV6 ? 16 : 4;
        var recordLength = RecordHeadLength + size;
        var most = ((isStream ? ushort.MaxValue : LongestDatagram) - question.End) / recordLength;
        var count = Math.Min(most, addresses.Count);
        var answer = new byte[question.End + (count * recordLength)];
        query[..question.End].CopyTo(answer);
        WriteHeader(answer, question, 0, count, isTruncated: count < addresses.Count);
        for (var index = 0; index < count; index++)
        {
            var record = answer.AsSpan(question.End + (index * recordLength), recordLength);
            WriteRecordHead(record, question.Type, (ushort)size);
            addresses[index].TryWriteBytes(record[12..], out _);
        }

        return answer;
    }

    /// <summary>The name of an address.</summary>
    public static byte[] Pointer(ReadOnlySpan<byte> query, DnsQuestion question, string name)
    {
        var bytes = new List<byte>();
        foreach (var label in name.Split('.'))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        bytes.Add(0);
        var answer = new byte[question.End + 12 + bytes.Count];
        query[..question.End].CopyTo(answer);
        WriteHeader(answer, question, 0, records: 1, isTruncated: false);
        WriteRecordHead(answer.AsSpan(question.End), 12, (ushort)bytes.Count);
        bytes.CopyTo(answer, question.End + 12);
        return answer;
    }

    private static void WriteHeader(Span<byte> answer, DnsQuestion? question, int code, int records, bool isTruncated)
    {
        // QR, TC, RD; RA and the code.
        answer[2] = (byte)(0x80 | (isTruncated ? 2 : 0) | (question is { WantsRecursion: true } ? 1 : 0));
        answer[3] = (byte)(0x80 | code);
        BinaryPrimitives.WriteUInt16BigEndian(answer[4..], (ushort)(question is null ? 0 : 1));
        BinaryPrimitives.WriteUInt16BigEndian(answer[6..], (ushort)records);
        BinaryPrimitives.WriteUInt32BigEndian(answer[8..], 0);
    }

    private static void WriteRecordHead(Span<byte> record, ushort type, ushort length)
    {
        // A pointer to the name of the question, right behind the header.
        BinaryPrimitives.WriteUInt16BigEndian(record, 0xC000 | DnsQuestion.HeaderLength);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], type);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], 1);
        BinaryPrimitives.WriteUInt32BigEndian(record[6..], TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], length);
    }
}
