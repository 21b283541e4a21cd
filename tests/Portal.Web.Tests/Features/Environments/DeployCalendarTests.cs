using System.Globalization;
using Portal.Web.Features.Environments.Rules;

namespace Portal.Web.Tests.Features.Environments;

public sealed class DeployCalendarTests
{
    private static readonly DayOfWeek[] s_week =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    [Theory]
    [InlineData("2026-03-04T08:59:00Z", "2026-03-04T09:00:00Z")]
    [InlineData("2026-03-04T09:00:00Z", "2026-03-04T09:00:00Z")]
    [InlineData("2026-03-04T15:59:59Z", "2026-03-04T15:59:59Z")]
    [InlineData("2026-03-04T16:00:00Z", "2026-03-05T09:00:00Z")]
    [InlineData("2026-03-06T16:00:00Z", "2026-03-09T09:00:00Z")]
    public void NextOpen_OfOfficeHours_IsNowOrTheNextMorning(string now, string opens)
    {
        var rules = new DeploymentRules { Windows = [new DeployWindow(s_week, new TimeOnly(9, 0), new TimeOnly(16, 0))] };

        Assert.Equal(At(opens), DeployCalendar.NextOpen(rules, At(now)));
    }

    [Theory]
    [InlineData("2026-03-07T01:00:00Z", "2026-03-07T01:00:00Z")]
    [InlineData("2026-03-07T02:00:00Z", "2026-03-13T22:00:00Z")]
    [InlineData("2026-03-06T21:59:00Z", "2026-03-06T22:00:00Z")]
    public void NextOpen_OfAWindowOverMidnight_BelongsToTheDayOnWhichItOpened(string now, string opens)
    {
        var rules = new DeploymentRules { Windows = [new DeployWindow([DayOfWeek.Friday], new TimeOnly(22, 0), new TimeOnly(2, 0))] };

        Assert.Equal(At(opens), DeployCalendar.NextOpen(rules, At(now)));
    }

    // In Vienna the clock leaves out 02:00 to 03:00 on 29 March 2026, and has 02:00 to 03:00 twice on 25 October.
    [Theory]
    [InlineData("2026-03-28T12:00:00Z", 2, 30, "2026-03-29T01:00:00Z")]
    [InlineData("2026-03-29T12:00:00Z", 2, 30, "2026-03-30T00:30:00Z")]
    [InlineData("2026-10-24T12:00:00Z", 2, 30, "2026-10-25T00:30:00Z")]
    [InlineData("2026-01-10T12:00:00Z", 9, 0, "2026-01-11T08:00:00Z")]
    [InlineData("2026-07-10T12:00:00Z", 9, 0, "2026-07-11T07:00:00Z")]
    public void NextOpen_WhereClocksAreChanged_GoesByTheClockOfTheZone(string now, int hour, int minute, string opens)
    {
        var rules = new DeploymentRules
        {
            TimeZone = "Europe/Vienna",
            Windows = [new DeployWindow(Enum.GetValues<DayOfWeek>(), new TimeOnly(hour, minute), new TimeOnly(hour + 1, minute))],
        };

        Assert.Equal(At(opens), DeployCalendar.NextOpen(rules, At(now)));
    }

    [Fact]
    public void NextOpen_InFreezesThatFollowEachOther_IsAfterTheLast()
    {
        var rules = new DeploymentRules
        {
            Freezes = [new DeployFreeze(Local("2026-12-27"), Local("2027-01-07")), new DeployFreeze(Local("2026-12-20"), Local("2026-12-28"))],
        };

        Assert.Equal(At("2027-01-07T00:00:00Z"), DeployCalendar.NextOpen(rules, At("2026-12-24T18:00:00Z")));
        Assert.Equal(At("2026-12-19T23:59:59Z"), DeployCalendar.NextOpen(rules, At("2026-12-19T23:59:59Z")));
        var windows = rules with { Windows = [new DeployWindow(s_week, new TimeOnly(9, 0), new TimeOnly(16, 0))] };
        Assert.Equal(At("2027-01-07T09:00:00Z"), DeployCalendar.NextOpen(windows, At("2026-12-24T18:00:00Z")));
    }

    [Fact]
    public void NextOpen_FrozenForLonger_IsNever()
    {
        var rules = new DeploymentRules
        {
            Windows = [new DeployWindow(s_week, new TimeOnly(0, 0), new TimeOnly(0, 0))],
            Freezes = [new DeployFreeze(Local("2026-01-01"), Local("2100-01-01"))],
        };

        Assert.Null(DeployCalendar.NextOpen(rules, At("2026-06-01T00:00:00Z")));
    }

    [Fact]
    public void Problems_OfWhatCantBe_AreAllSaid()
    {
        var rules = new DeploymentRules
        {
            ApprovalHours = -1,
            TimeZone = "../../etc/passwd",
            Windows = [new DeployWindow([], new TimeOnly(1, 0), new TimeOnly(2, 0)), new DeployWindow([(DayOfWeek)9], default, default)],
            Freezes = [new DeployFreeze(Local("2026-01-02"), Local("2026-01-01"), "\n"), new DeployFreeze(DateTime.MinValue, DateTime.MaxValue)],
        };

        Assert.Equal(6, rules.Problems().Count);
        Assert.Empty(DeploymentRules.None.Problems());
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static DateTime Local(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);
}
