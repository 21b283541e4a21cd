using System.Globalization;

namespace Portal.Agent.Hosting.Volumes;

/// <summary>Bytes for people: decimal units, as Docker prints them.</summary>
internal static class Size
{
    private static readonly string[] s_units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    public static string Format(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (value >= 999.5 && unit < s_units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:G3} {s_units[unit]}");
    }
}
