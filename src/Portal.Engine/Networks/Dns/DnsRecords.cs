using System.Buffers.Binary;

namespace Portal.Engine.Networks.Dns;

/// <summary>Looks through the records of an answer (RFC 1035, 4.1.3), which a stranger may have written.</summary>
internal static class DnsRecords
{
    private const ushort OptionType = 41;
    private const ushort StartOfAuthority = 6;
    private const int NameError = 3;
    private const int MostRecords = 1000;

    private delegate void Visit(ReadOnlySpan<byte> message, int section, ushort type, int timeAt, int dataLength);

    /// <summary>True when it says that there is no such name, or nothing of this type.</summary>
    public static bool IsNothing(ReadOnlySpan<byte> answer) =>
        (answer[3] & 0x0F) == NameError || BinaryPrimitives.ReadUInt16BigEndian(answer[6..]) == 0;

    /// <summary>
    /// For how many seconds the answer may be remembered: the shortest time of its records; null when it may not, since it failed, was
    /// cut, can't be read, or tells of nothing without the authority's word for how long (RFC 2308, 5).
    /// </summary>
    public static uint? TimeToLive(ReadOnlySpan<byte> answer)
    {
        if (answer.Length < DnsQuestion.HeaderLength || (answer[2] & 0x02) != 0 || (answer[3] & 0x0F) is not (0 or NameError))
        {
            return null;
        }

        var shortest = uint.MaxValue;
        var hasAuthority = false;
        var isRead = TryVisit(answer, (message, section, type, timeAt, dataLength) =>
        {
            if (type == OptionType)
            {
                return;
            }

            shortest = Math.Min(shortest, BinaryPrimitives.ReadUInt32BigEndian(message[timeAt..]));
            if (section == 1 && type == StartOfAuthority && dataLength >= 22)
            {
                // The last number of the record is how long nothing may be believed.
                hasAuthority = true;
                shortest = Math.Min(shortest, BinaryPrimitives.ReadUInt32BigEndian(message[(timeAt + 6 + dataLength - 4)..]));
            }
        });
        return isRead && shortest != uint.MaxValue && (!IsNothing(answer) || hasAuthority) ? shortest : null;
    }

    /// <summary>A copy whose records live shorter by some seconds.</summary>
    public static byte[] Aged(byte[] answer, uint seconds)
    {
        var aged = (byte[])answer.Clone();
        TryVisit(answer, (message, _, type, timeAt, _) =>
        {
            if (type != OptionType)
            {
                var left = BinaryPrimitives.ReadUInt32BigEndian(message[timeAt..]);
                BinaryPrimitives.WriteUInt32BigEndian(aged.AsSpan(timeAt), left > seconds ? left - seconds : 0);
            }
        });
        return aged;
    }

    private static bool TryVisit(ReadOnlySpan<byte> message, Visit visit)
    {
        var at = DnsQuestion.HeaderLength;
        var questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        if (questions > 1 || (questions == 1 && (!TrySkipName(message, ref at) || (at += 4) > message.Length)))
        {
            return false;
        }

        var seen = 0;
        for (var section = 0; section < 3; section++)
        {
            var count = BinaryPrimitives.ReadUInt16BigEndian(message[(6 + (section * 2))..]);
            for (var index = 0; index < count; index++)
            {
                if (++seen > MostRecords || !TrySkipName(message, ref at) || at + 10 > message.Length)
                {
                    return false;
                }

                var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
                if (at + 10 + length > message.Length)
                {
                    return false;
                }

                visit(message, section, BinaryPrimitives.ReadUInt16BigEndian(message[at..]), at + 4, length);
                at += 10 + length;
            }
        }

        return true;
    }

    /// <summary>Passes over a name. A pointer ends it: nothing is followed, so nothing can go round.</summary>
    private static bool TrySkipName(ReadOnlySpan<byte> message, ref int at)
    {
        while (at < message.Length)
        {
            var length = message[at];
            if (length >= 0xC0)
            {
                at += 2;
                return at <= message.Length;
            }

            at += 1 + length;
            if (length == 0)
            {
                return true;
            }

            if (length > 63)
            {
                return false;
            }
        }

        return false;
    }
}
