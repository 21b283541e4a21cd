using System.Globalization;

namespace Grpc.Wire;

/// <summary>The <c>grpc-timeout</c> header: one to eight digits and a unit out of <c>H M S m u n</c>.</summary>
internal static class TimeoutFormat
{
    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;

    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1)
        {
            return false;
        }

        long value = 0;
        foreach (var c in text.AsSpan(0, text.Length - 1))
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        timeout = text[^1] switch
        {
            'H' => TimeSpan.FromTicks(value * TimeSpan.TicksPerHour),
            'M' => TimeSpan.FromTicks(value * TimeSpan.TicksPerMinute),
            'S' => TimeSpan.FromTicks(value * TimeSpan.TicksPerSecond),
            'm' => TimeSpan.FromTicks(value * TimeSpan.TicksPerMillisecond),
            'u' => TimeSpan.FromTicks(value * TimeSpan.TicksPerMicrosecond),
            'n' => TimeSpan.FromTicks(value / TimeSpan.NanosecondsPerTick),
            _ => TimeSpan.MinValue,
        };
        return timeout != TimeSpan.MinValue;
    }

    /// <summary>Writes a timeout in the finest unit that holds it, rounded up so that it never ends early.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            return "1n";
        }

        ReadOnlySpan<(long Ticks, char Unit)> units =
        [
            (TimeSpan.TicksPerMicrosecond, 'u'),
            (TimeSpan.TicksPerMillisecond, 'm'),
            (TimeSpan.TicksPerSecond, 'S'),
            (TimeSpan.TicksPerMinute, 'M'),
        ];
        foreach (var (ticks, unit) in units)
        {
            var value = ((timeout.Ticks - 1) / ticks) + 1;
            if (value <= MaxValue)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
            }
        }

        var hours = Math.Min(((timeout.Ticks - 1) / TimeSpan.TicksPerHour) + 1, MaxValue);
        return string.Create(CultureInfo.InvariantCulture, $"{hours}H");
    }
}
