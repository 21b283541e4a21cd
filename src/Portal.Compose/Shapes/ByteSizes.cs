using System.Globalization;

namespace Portal.Compose.Shapes;

/// <summary>Sizes as Docker writes them: <c>64m</c>, <c>1.5gb</c>, <c>300 KiB</c>; powers of 1024 all, and bytes without a unit.</summary>
public static class ByteSizes
{
    public static bool TryParse(string text, out long size)
    {
        size = 0;
        if (text == "-1")
        {
            size = -1;
            return true;
        }

        var letters = text.AsSpan().IndexOfAnyExcept("0123456789.");
        var number = letters < 0 ? text : text[..letters];
        var unit = letters < 0 ? "" : text[letters..].Trim().ToLowerInvariant();
        unit = unit.Length > 1 && unit.EndsWith('b') ? unit[..^1].TrimEnd('i') : unit;
        var power = unit is "" or "b" ? 0 : unit.Length == 1 ? "kmgtp".IndexOf(unit, StringComparison.Ordinal) + 1 : 0;
        if ((power == 0 && unit is not ("" or "b"))
            || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        for (; power > 0 && value <= long.MaxValue; power--)
        {
            value *= 1024;
        }

        size = value > long.MaxValue ? 0 : (long)value;
        return value <= long.MaxValue;
    }
}
