namespace Portal.Web.Features.Environments.Rules;

/// <summary>Tells when deployments may begin.</summary>
public static class DeployCalendar
{
    // Every window comes within a week, and a freeze may hide it for long.
    private const int MostDays = 800;

    /// <summary>The next time at which one may begin: now, or when a window opens.</summary>
    /// <returns>Null when that is more than two years away.</returns>
    public static DateTimeOffset? NextOpen(DeploymentRules rules, DateTimeOffset now)
    {
        // A zone that the host does not know any more: as if it were UTC, which is what people fall back on.
        var zone = FindZone(rules.TimeZone) ?? TimeZoneInfo.Utc;
        var freezes = rules.Freezes.Select(freeze => (From: At(zone, freeze.From), To: At(zone, freeze.To))).ToList();
        if (rules.Windows.Count == 0)
        {
            return Thawed(freezes, now);
        }

        // A window that opened yesterday may still be open.
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        for (var day = -1; day < MostDays; day++)
        {
            var date = today.AddDays(day);
            var found = rules.Windows
                .Where(window => window.Days.Contains(date.DayOfWeek))
                .Select(window => BeginIn(zone, window, date, freezes, now))
                .Min();
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Null for a name that the host does not know.</summary>
    public static TimeZoneInfo? FindZone(string name) =>
        name.Length is > 0 and <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    private static DateTimeOffset? BeginIn(
        TimeZoneInfo zone, DeployWindow window, DateOnly date, List<(DateTimeOffset From, DateTimeOffset To)> freezes, DateTimeOffset now)
    {
        var opens = At(zone, date.ToDateTime(window.From));
        var closes = At(zone, date.AddDays(window.To <= window.From ? 1 : 0).ToDateTime(window.To));
        var begin = Thawed(freezes, opens > now ? opens : now);
        return begin < closes ? begin : null;
    }

    // Freezes may follow each other, in any order.
    private static DateTimeOffset Thawed(List<(DateTimeOffset From, DateTimeOffset To)> freezes, DateTimeOffset at)
    {
        while (freezes.Where(freeze => freeze.From <= at && at < freeze.To).Select(freeze => (DateTimeOffset?)freeze.To).Max() is { } end)
        {
            at = end;
        }

        return at;
    }

    // A time that the clock leaves out in spring is the one after the gap; of one that comes twice in autumn the first counts.
    private static DateTimeOffset At(TimeZoneInfo zone, DateTime local)
    {
        var time = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        while (zone.IsInvalidTime(time))
        {
            time = time.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(time) ? zone.GetAmbiguousTimeOffsets(time).Max() : zone.GetUtcOffset(time);
        return new DateTimeOffset(time, offset);
    }
}
