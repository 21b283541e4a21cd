namespace Portal.Web.Features.Jobs.Schedules;

/// <summary>
/// When something is due: five fields as cron has them (minute, hour, day of the month, month, day of the week) by the clock of a time zone.
/// When both kinds of days are limited, either is enough, as everywhere.
/// </summary>
/// <remarks>
/// Where a clock is put forward, what falls into the gap is due at its end; where one is put back, what has fixed hours is due once, the
/// first time, and what is due in every hour goes on through both.
/// </remarks>
internal sealed class CronSchedule
{
    private const int LongestText = 128;

    // The 29th of February may be eight years away.
    private const int MostDays = (8 * 366) + 1;

    private static readonly Dictionary<string, string> s_words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@hourly"] = "0 * * * *", ["@daily"] = "0 0 * * *", ["@weekly"] = "0 0 * * 0", ["@monthly"] = "0 0 1 * *",
        ["@yearly"] = "0 0 1 1 *",
    };

    private readonly CronField _minutes;
    private readonly CronField _hours;
    private readonly CronField _days;
    private readonly CronField _months;
    private readonly CronField _weekdays;
    private readonly TimeZoneInfo _zone;

    private CronSchedule(string[] fields, TimeZoneInfo zone)
    {
        _minutes = CronField.Minutes(fields[0]);
        _hours = CronField.Hours(fields[1]);
        _days = CronField.Days(fields[2]);
        _months = CronField.Months(fields[3]);
        _weekdays = CronField.Weekdays(fields[4]);
        _zone = zone;
    }

    /// <exception cref="JobException">It is none, or its time never comes; says why.</exception>
    public static CronSchedule Parse(string cron, string timeZone)
    {
        var text = cron.Trim();
        if (text.Length > LongestText)
        {
            throw new JobException(E("A schedule has {0} characters at most.", LongestText));
        }

        var fields = s_words.GetValueOrDefault(text, text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            throw new JobException(
                E("A schedule has five fields: minute, hour, day of the month, month, day of the week. '30 3 * * *' is 3:30 every day; "
                + "this has {0}.", fields.Length));
        }

        var schedule = new CronSchedule(fields, ZoneOf(timeZone));
        return schedule.Next(DateTimeOffset.UnixEpoch) is null
            ? throw new JobException(E("'{0}' never comes: no such month has such a day.", text)) : schedule;
    }

    /// <summary>The first time after a moment; null when there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var date = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, _zone).DateTime);
        for (var day = 0; day < MostDays; day++, date = date.AddDays(1))
        {
            if (DayMatches(date) && (_hours.IsAny ? NextByElapsed(date, after) : NextByClock(date, after)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    // Each hour that passes counts, also one that the clock shows twice.
    private DateTimeOffset? NextByElapsed(DateOnly date, DateTimeOffset after)
    {
        var begin = Moment(date.ToDateTime(TimeOnly.MinValue));
        var end = Moment(date.AddDays(1).ToDateTime(TimeOnly.MinValue));
        var minute = new DateTimeOffset(after.Ticks - (after.Ticks % TimeSpan.TicksPerMinute), after.Offset).AddMinutes(1);
        for (var moment = minute > begin ? minute : begin; moment < end; moment = moment.AddMinutes(1))
        {
            if (_minutes.Matches(TimeZoneInfo.ConvertTime(moment, _zone).Minute))
            {
                return moment.ToUniversalTime();
            }
        }

        return null;
    }

    private DateTimeOffset? NextByClock(DateOnly date, DateTimeOffset after)
    {
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            if (_hours.Matches(minute / 60) && _minutes.Matches(minute % 60)
                && Moment(date.ToDateTime(TimeOnly.MinValue).AddMinutes(minute)) is var moment && moment > after)
            {
                return moment;
            }
        }

        return null;
    }

    private DateTimeOffset Moment(DateTime local)
    {
        var shown = local;
        while (_zone.IsInvalidTime(shown))
        {
            shown = shown.AddMinutes(1);
        }

        var offset = _zone.IsAmbiguousTime(shown) ? _zone.GetAmbiguousTimeOffsets(shown).Max() : _zone.GetUtcOffset(shown);
        return new DateTimeOffset(shown, offset).ToUniversalTime();
    }

    private bool DayMatches(DateOnly date)
    {
        var (day, weekday) = (_days.Matches(date.Day), _weekdays.Matches((int)date.DayOfWeek));
        return _months.Matches(date.Month) && (_days.IsAny || _weekdays.IsAny ? day && weekday : day || weekday);
    }

    private static TimeZoneInfo ZoneOf(string name) =>
        name.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone
            : throw new JobException(
                E("'{0}' is no time zone that the portal's host knows. They are named as Europe/Berlin, or UTC.", name));
}
