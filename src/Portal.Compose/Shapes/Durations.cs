using System.Globalization;

namespace Portal.Compose.Shapes;

/// <summary>Times as Go writes them: <c>1h</c>, <c>1m30s</c>, <c>1.5s</c>, <c>200ms</c>; a number alone is seconds.</summary>
public static class Durations
{
    private static readonly (string Unit, decimal Seconds)[] s_units =
        [("ns", 0.000000001m), ("us", 0.000001m), ("ms", 0.001m), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400), ("w", 604800)];

    public static bool TryParse(string text, out TimeSpan time)
    {
        time = default;
        var total = 0m;
        var rest = text.AsSpan();
        if (rest.IsEmpty || rest.Length > 40)
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            var number = digits < 0 ? rest : rest[..digits];
            if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                || value > 1_000_000_000)
            {
                return false;
            }

            rest = rest[number.Length..];
            var letters = rest.IndexOfAny("0123456789.");
            var unit = letters < 0 ? rest : rest[..letters];
            rest = rest[unit.Length..];
            var factor = Factor(unit.ToString(), isAlone: number.Length == text.Length);
            if (factor == 0)
            {
                return false;
            }

            total += value * factor;
        }

        if (total > 1_000_000_000)
        {
            return false;
        }

        time = TimeSpan.FromTicks((long)(total * TimeSpan.TicksPerSecond));
        return true;
    }

    private static decimal Factor(string unit, bool isAlone) =>
        unit.Length == 0 ? (isAlone ? 1 : 0) : s_units.FirstOrDefault(known => known.Unit == unit).Seconds;
}
