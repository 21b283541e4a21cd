using System.Globalization;

namespace Portal.Engine.Api.Containers.Mapping;

/// <summary>Spans of time in Docker's words.</summary>
internal static class HumanDuration
{
    public static string Format(TimeSpan span)
    {
        var hours = (int)(span.TotalHours + 0.5);
        return span switch
        {
            { TotalSeconds: < 1 } => "Less than a second",
            { TotalSeconds: < 2 } => "1 second",
            { TotalSeconds: < 60 } => Count((int)span.TotalSeconds, "seconds"),
            { TotalMinutes: < 2 } => "About a minute",
            { TotalMinutes: < 60 } => Count((int)span.TotalMinutes, "minutes"),
            _ when hours == 1 => "About an hour",
            _ when hours < 48 => Count(hours, "hours"),
            _ when hours < 24 * 7 * 2 => Count(hours / 24, "days"),
            _ when hours < 24 * 30 * 2 => Count(hours / 24 / 7, "weeks"),
            _ when hours < 24 * 365 * 2 => Count(hours / 24 / 30, "months"),
            _ => Count((int)(span.TotalHours / 24 / 365), "years"),
        };
    }

    private static string Count(int number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number} {unit}");
}
