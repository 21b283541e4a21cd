using System.Globalization;

namespace Portal.Engine.Api.Routing;

/// <summary>Times as Go's <c>time.RFC3339Nano</c> writes them, and as Docker's queries take them.</summary>
internal static class GoTime
{
    /// <summary>Go's zero time, by which Docker says "never".</summary>
    public const string Zero = "0001-01-01T00:00:00Z";

    public static string Format(DateTimeOffset? time)
    {
        return time is { } value && value != default
            ? value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)
            : Zero;
    }

    /// <summary>With nine digits always, as logs have them, so that lines align.</summary>
    public static string FormatFixed(DateTimeOffset time)
    {
        return time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);
    }

    public static long UnixNanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;

    public static bool TryParse(string text, out DateTimeOffset time)
    {
        // Bounds keep hostile numbers inside what a DateTimeOffset holds.
        const NumberStyles Form = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (decimal.TryParse(text, Form, CultureInfo.InvariantCulture, out var seconds))
        {
            time = default;
            if (seconds is < -62_000_000_000m or > 253_000_000_000m)
            {
                return false;
            }

            time = DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
            return true;
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }
}
