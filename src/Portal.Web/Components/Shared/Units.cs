using Portal.Web.Languages;

namespace Portal.Web.Components.Shared;

/// <summary>Writes quantities for people, as their language does. Never for programs, nor for widths in style sheets.</summary>
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
        return bytes.ToString(format, Language.Current.Format) + " " + s_bytes[unit];
    }

    /// <summary>A share from 0 to 1 as <c>12 %</c>; below ten with one digit after the point.</summary>
    public static string Percent(double share)
    {
        var percent = share * 100;
        return percent.ToString(Math.Abs(percent) < 10 ? "0.#" : "0", Language.Current.Format) + " %";
    }

    /// <summary>As <c>3 d 4 h</c>, <c>5 min</c>, <c>12 s</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        return time switch
        {
            { TotalDays: >= 1 } => T("{0} d {1} h", (int)time.TotalDays, time.Hours),
            { TotalHours: >= 1 } => T("{0} h {1} min", (int)time.TotalHours, time.Minutes),
            { TotalMinutes: >= 1 } => T("{0} min", (int)time.TotalMinutes),
            _ => T("{0} s", (int)time.TotalSeconds),
        };
    }
}
