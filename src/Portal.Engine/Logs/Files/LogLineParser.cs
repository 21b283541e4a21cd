using Portal.Engine.Runtime;

namespace Portal.Engine.Logs.Files;

/// <summary>
/// Parses the lines of conmon's k8s-file format, which is Kubernetes' CRI format:
/// <c>2026-01-01T00:00:00.000000000+00:00 stdout F text</c>, with <c>P</c> for a part of a line.
/// </summary>
internal static class LogLineParser
{
    private const int SecondsLength = 19;
    private const int LongestFraction = 9;

    /// <summary>Parses one line, given without its newline. Allocates nothing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogLineHeader header)
    {
        header = default;
        if (!TryParseTime(line, out var time, out var position)
            || !TryParseSource(line[position..], out var source))
        {
            return false;
        }

        // " stdout F": both names have six letters, so the tag stands at the eighth place after the time.
        position += 8;
        if (position >= line.Length || line[position] is not ((byte)'F' or (byte)'P'))
        {
            return false;
        }

        var partial = line[position] == (byte)'P';
        position++;
        if (position < line.Length)
        {
            if (line[position] != (byte)' ')
            {
                return false;
            }

            position++;
        }

        header = new LogLineHeader(time, source, partial, position);
        return true;
    }

    private static bool TryParseSource(ReadOnlySpan<byte> rest, out OutputSource source)
    {
        source = rest.StartsWith(" stdout "u8) ? OutputSource.Stdout : OutputSource.Stderr;
        return source == OutputSource.Stdout || rest.StartsWith(" stderr "u8);
    }

    private static bool TryParseTime(ReadOnlySpan<byte> line, out DateTimeOffset time, out int length)
    {
        time = default;
        length = 0;
        if (line.Length < SecondsLength + 1
            || line[4] != '-' || line[7] != '-' || line[10] != 'T' || line[13] != ':' || line[16] != ':'
            || !TryNumber(line[..4], out var year) || !TryNumber(line[5..7], out var month)
            || !TryNumber(line[8..10], out var day) || !TryNumber(line[11..13], out var hour)
            || !TryNumber(line[14..16], out var minute) || !TryNumber(line[17..19], out var second)
            || !IsDate(year, month, day) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var position = SecondsLength;
        var fraction = Fraction(line, ref position);
        if (!TryParseOffset(line, ref position, out var offset))
        {
            return false;
        }

        var ticks = new DateTime(year, month, day, hour, minute, second).Ticks + fraction - offset.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        time = new DateTimeOffset(ticks, TimeSpan.Zero);
        length = position;
        return true;
    }

    private static bool IsDate(int year, int month, int day)
    {
        return year is > 0 and < 10_000 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
    }

    // A tick is 100 ns, so the eighth and ninth digit are passed over.
    private static long Fraction(ReadOnlySpan<byte> line, ref int position)
    {
        if (position >= line.Length || line[position] != '.')
        {
            return 0;
        }

        long ticks = 0;
        var weight = TimeSpan.TicksPerSecond;
        position++;
        for (var digits = 0; digits < LongestFraction && position < line.Length; digits++, position++)
        {
            var digit = line[position] - '0';
            if (digit is < 0 or > 9)
            {
                break;
            }

            weight /= 10;
            ticks += digit * weight;
        }

        return ticks;
    }

    private static bool TryParseOffset(ReadOnlySpan<byte> line, ref int position, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (position < line.Length && line[position] == 'Z')
        {
            position++;
            return true;
        }

        if (line.Length < position + 6
            || line[position] is not ((byte)'+' or (byte)'-')
            || line[position + 3] != ':'
            || !TryNumber(line.Slice(position + 1, 2), out var hours)
            || !TryNumber(line.Slice(position + 4, 2), out var minutes)
            || hours > 14 || minutes > 59)
        {
            return false;
        }

        var size = new TimeSpan(hours, minutes, 0);
        offset = line[position] == '+' ? size : -size;
        position += 6;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var item in digits)
        {
            var digit = item - '0';
            if (digit is < 0 or > 9)
            {
                return false;
            }

            number = (number * 10) + digit;
        }

        return true;
    }
}
