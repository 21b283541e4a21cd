using System.Globalization;

namespace Portal.Web.Features.Jobs.Schedules;

/// <summary>One field of a cron expression: <c>*</c>, numbers, ranges, steps and lists of these, and names of months and days.</summary>
/// <param name="values">What matches.</param>
/// <param name="isAny">It was <c>*</c>, so that it limits nothing.</param>
internal sealed class CronField(ulong values, bool isAny)
{
    private static readonly string[] s_months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] s_days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public bool IsAny => isAny;

    public bool Matches(int value) => (values & (1UL << value)) != 0;

    /// <exception cref="JobException">It is none; says why.</exception>
    public static CronField Minutes(string text) => Parse(N("minutes"), text, 0, 59, []);

    /// <exception cref="JobException">It is none; says why.</exception>
    public static CronField Hours(string text) => Parse(N("hours"), text, 0, 23, []);

    /// <exception cref="JobException">It is none; says why.</exception>
    public static CronField Days(string text) => Parse(N("days of the month"), text, 1, 31, []);

    /// <exception cref="JobException">It is none; says why.</exception>
    public static CronField Months(string text) => Parse(N("months"), text, 1, 12, s_months);

    /// <summary>Sunday is 0 and 7.</summary>
    /// <exception cref="JobException">It is none; says why.</exception>
    public static CronField Weekdays(string text)
    {
        var field = Parse(N("days of the week"), text, 0, 7, s_days);
        return field.Matches(7) ? new CronField(field.Values | 1, field.IsAny) : field;
    }

    private ulong Values => values;

    private static CronField Parse(string what, string text, int least, int most, string[] names)
    {
        var found = 0UL;
        foreach (var part in text.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var all] => (all, 1),
                [var all, var every] when TryNumber(every, out var number) && number is > 0 and < 60 => (all, number),
                _ => throw Wrong(what, part),
            };
            var (from, to) = range.Split('-') switch
            {
                ["*"] => (least, most),
                [var one] => Single(one, part.Contains('/') ? most : null),
                [var first, var last] => (Number(first), Number(last)),
                _ => throw Wrong(what, part),
            };
            if (from > to)
            {
                throw Wrong(what, part);
            }

            for (var value = from; value <= to; value += step)
            {
                found |= 1UL << value;
            }
        }

        return new CronField(found, text == "*");

        (int From, int To) Single(string word, int? end)
        {
            var value = Number(word);
            return (value, end ?? value);
        }

        int Number(string word)
        {
            var name = Array.FindIndex(names, item => string.Equals(item, word, StringComparison.OrdinalIgnoreCase));
            return name >= 0 ? name + least
                : TryNumber(word, out var number) && number >= least && number <= most ? number
                : throw new JobException(
                    names.Length > 0
                        ? E("'{0}' is none of the {1:said}: {2} to {3}, or {4}.", word, what, least, most, names[0])
                        : E("'{0}' is none of the {1:said}: {2} to {3}.", word, what, least, most));
        }
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static JobException Wrong(string what, string part) =>
        new(E("'{0}' does not say which {1:said}: write a number, a range as 1-5, a list as 1,15, or steps as */10.", part, what));
}
