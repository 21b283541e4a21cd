using System.Buffers.Binary;
using System.Text;

namespace Portal.Engine.Networks.Dns;

/// <summary>A query with one question (RFC 1035, 4.1), strictly read: whoever sends it is not trusted.</summary>
/// <param name="Id">What the answer must carry.</param>
/// <param name="WantsRecursion">The RD bit, which the answer repeats.</param>
/// <param name="Name">In lower case without the dot at its end; empty for the root. Bytes that are no printable ASCII become <c>?</c>.</param>
/// <param name="Type">1 for A, 12 for PTR, 28 for AAAA, ...</param>
/// <param name="Class">1 for the internet.</param>
/// <param name="End">Where the question ends in the query.</param>
internal sealed record DnsQuestion(ushort Id, bool WantsRecursion, string Name, ushort Type, ushort Class, int End)
{
    public const int HeaderLength = 12;
    private const int LongestName = 255;
    private const int LongestLabel = 63;
    private const int MostAdditional = 2;

    /// <summary>Reads a query.</summary>
    /// <param name="query">The datagram, or the message of a stream.</param>
    /// <param name="question">The question, when this is a query.</param>
    /// <returns>0 when it was read; else the response code to refuse it with, or -1 to say nothing.</returns>
    public static int TryRead(ReadOnlySpan<byte> query, out DnsQuestion? question)
    {
        question = null;
        if (query.Length < HeaderLength || (query[2] & 0x80) != 0)
        {
            // An answer to an answer would go round for ever.
            return -1;
        }

        if ((query[2] & 0x78) != 0)
        {
            return DnsAnswer.NotImplemented;
        }

        var hasOneQuestion = BinaryPrimitives.ReadUInt16BigEndian(query[4..]) == 1
            && BinaryPrimitives.ReadUInt32BigEndian(query[6..]) == 0
            && BinaryPrimitives.ReadUInt16BigEndian(query[10..]) <= MostAdditional;
        var at = HeaderLength;
        if (!hasOneQuestion || !TryReadName(query, ref at, out var name) || query.Length - at < 4)
        {
            return DnsAnswer.FormatError;
        }

        question = new DnsQuestion(
            BinaryPrimitives.ReadUInt16BigEndian(query),
            (query[2] & 1) != 0,
            name,
            BinaryPrimitives.ReadUInt16BigEndian(query[at..]),
            BinaryPrimitives.ReadUInt16BigEndian(query[(at + 2)..]),
            at + 4);
        return 0;
    }

    private static bool TryReadName(ReadOnlySpan<byte> query, ref int at, out string name)
    {
        var text = new StringBuilder();
        name = "";
        while (at < query.Length && query[at] is > 0 and <= LongestLabel)
        {
            // Compression has no place in a single question, so a longer "length" is refused.
            var label = query[at];
            if (at + 1 + label > query.Length || text.Length + label + 1 > LongestName)
            {
                return false;
            }

            foreach (var letter in query.Slice(at + 1, label))
            {
                text.Append(letter is > 0x20 and < 0x7F and not (byte)'.' ? char.ToLowerInvariant((char)letter) : '?');
            }

            text.Append('.');
            at += label + 1;
        }

        if (at >= query.Length || query[at] != 0)
        {
            return false;
        }

        at++;
        name = text.Length == 0 ? "" : text.ToString(0, text.Length - 1);
        return true;
    }
}
