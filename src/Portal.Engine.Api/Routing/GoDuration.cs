using System.Globalization;

namespace Portal.Engine.Api.Routing;

/// <summary>Go's durations, such as <c>1h30m</c>.</summary>
internal static class GoDuration
{
    private const int MaxCharacters = 40;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length is 0 or > MaxCharacters)
        {
            return false;
        }

        var rest = text.AsSpan();
        var seconds = 0m;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0
                || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || !TryParseUnit(rest[digits..], out var unit, out var length)
                || number > 1_000_000_000_000m)
            {
                return false;
            }

            seconds += number * unit;
            rest = rest[(digits + length)..];
        }

        if (seconds > 10_000_000_000m)
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    private static bool TryParseUnit(ReadOnlySpan<char> text, out decimal seconds, out int length)
    {
        (seconds, length) = text switch
        {
            ['m', 's', ..] => (0.001m, 2),
            ['u' or 'µ', 's', ..] => (0.000_001m, 2),
            ['n', 's', ..] => (0.000_000_001m, 2),
            ['h', ..] => (3600m, 1),
            ['m', ..] => (60m, 1),
            ['s', ..] => (1m, 1),
            _ => (0m, 0),
        };
        return length > 0;
    }
}
