using System.Globalization;

namespace Portal.Engine.Api.Images;

/// <summary>The bar that Docker sends beside the numbers, for clients that show what they get.</summary>
internal static class ProgressBar
{
    private const int Width = 50;
    private static readonly string[] s_units = ["B", "kB", "MB", "GB", "TB", "PB"];

    public static string? Format(long current, long? total)
    {
        if (total is not > 0)
        {
            return current > 0 ? Size(current) : null;
        }

        var share = (int)Math.Min(Width, (decimal)current * Width / total.Value);
        var bar = new string('=', share) + ">" + new string(' ', Width - share);
        return $"[{bar}]  {Size(current)}/{Size(total.Value)}";
    }

    /// <summary>Four digits at most, in powers of 1000, as Docker writes sizes.</summary>
    private static string Size(long bytes)
    {
        var value = (double)bytes;
        var unit = 0;
        while (value >= 1000 && unit < s_units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return value.ToString("G4", CultureInfo.InvariantCulture) + s_units[unit];
    }
}
