using System.Globalization;

namespace Portal.Web.Components.Shared;

/// <summary>Writes quantities for people.</summary>
public static class Units
{
    private static readonly string[] s_bytes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>As <c>1.5 GiB</c>: three digits at most.</summary>
    public static string Bytes(double bytes)
    {
        var unit = 0;
        while (Math.Abs(bytes) >= 1000 && unit < s_bytes.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        var format = unit == 0 || Math.Abs(bytes) >= 100 ? "0" : Math.Abs(bytes) >= 10 ? "0.#" : "0.##";
        return bytes.ToString(format, CultureInfo.InvariantCulture) + " " + s_bytes[unit];
    }

    /// <summary>A share from 0 to 1 as <c>12 %</c>; below ten with one digit after the point.</summary>
    public static string Percent(double share)
    {
        var percent = share * 100;
        return percent.ToString(Math.Abs(percent) < 10 ? "0.#" : "0", CultureInfo.InvariantCulture) + " %";
    }

    /// <summary>As <c>3 d 4 h</c>, <c>5 min</c>, <c>12 s</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        return time switch
        {
            { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays} d {time.Hours} h"),
            { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min"),
            { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds} s"),
        };
    }
}
