using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Web.Features.Logs;

/// <summary>Times of lines as the browser knows them: microseconds since 1970, which its numbers hold exactly.</summary>
internal static class LogMoment
{
    public static long Of(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The moment at which that microsecond begins.</summary>
    public static DateTimeOffset Begin(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(Math.Clamp(microseconds, 0, Of(DateTimeOffset.MaxValue) - 1) * TimeSpan.TicksPerMicrosecond);

    /// <summary>The last moment of it.</summary>
    public static DateTimeOffset End(long microseconds) => Begin(microseconds).AddTicks(TimeSpan.TicksPerMicrosecond - 1);

    /// <summary>The moment that an address leads to, and the line's mark; null when it leads to what is written now.</summary>
    public static (long At, string? Mark)? Parse(string address)
    {
        var parts = QueryHelpers.ParseQuery(new Uri(address).Query);
        return long.TryParse(parts.GetValueOrDefault("at").FirstOrDefault(), out var at) && at > 0
            ? (at, parts.GetValueOrDefault("line").FirstOrDefault())
            : null;
    }
}
