using System.Globalization;
using Portal.Web.Features.Jobs;
using Portal.Web.Features.Jobs.Schedules;

namespace Portal.Web.Tests.Features.Jobs;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("30 3 * * *", "UTC", "2026-11-21T03:30Z", "2026-11-22T03:30Z")]
    [InlineData("30 3 * * *", "UTC", "2026-11-21T03:29:59Z", "2026-11-21T03:30Z")]
    [InlineData("30 3 * * *", "Asia/Shanghai", "2026-11-21T00:00Z", "2026-11-21T19:30Z")]
    [InlineData("*/15 * * * *", "UTC", "2026-11-21T23:46Z", "2026-11-22T00:00Z")]
    [InlineData("5/20 9-17 * * mon-fri", "UTC", "2026-11-20T17:46Z", "2026-11-23T09:05Z")]
    [InlineData("0 0 * * 7", "UTC", "2026-11-21T00:00Z", "2026-11-22T00:00Z")]
    [InlineData("0 0 13 * fri", "UTC", "2026-11-01T00:00Z", "2026-11-06T00:00Z")]
    [InlineData("0 0 13 * fri", "UTC", "2026-11-06T00:00Z", "2026-11-13T00:00Z")]
    [InlineData("0 0 29 feb *", "UTC", "2026-03-01T00:00Z", "2028-02-29T00:00Z")]
    [InlineData("@monthly", "UTC", "2026-12-01T00:00Z", "2027-01-01T00:00Z")]
    [InlineData("0,30 4 1,15 * *", "UTC", "2026-11-15T04:10Z", "2026-11-15T04:30Z")]
    public void Next_IsTheFirstAfter(string cron, string zone, string after, string next) =>
        Assert.Equal(At(next), CronSchedule.Parse(cron, zone).Next(At(after)));

    // Berlin's clocks go from 2:00 to 3:00 on 29 March 2026, and from 3:00 back to 2:00 on 25 October.
    [Theory]
    [InlineData("30 2 * * *", "2026-03-28T12:00Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z")]
    [InlineData("30 2 * * *", "2026-10-24T12:00Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z")]
    [InlineData("0 * * * *", "2026-10-25T00:00Z", "2026-10-25T01:00Z", "2026-10-25T02:00Z")]
    [InlineData("0 * * * *", "2026-03-29T00:00Z", "2026-03-29T01:00Z", "2026-03-29T02:00Z")]
    [InlineData("0 12 * * *", "2026-03-28T12:00Z", "2026-03-29T10:00Z", "2026-03-30T10:00Z")]
    public void Next_WhereClocksChange_ComesOnceAndIsNotLost(string cron, string after, string first, string second)
    {
        var schedule = CronSchedule.Parse(cron, "Europe/Berlin");

        Assert.Equal(At(first), schedule.Next(At(after)));
        Assert.Equal(At(second), schedule.Next(At(first)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 8")]
    [InlineData("*/0 * * * *")]
    [InlineData("*/60 * * * *")]
    [InlineData("1- * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("1,,2 * * * *")]
    [InlineData("1/2/3 * * * *")]
    [InlineData("1-2-3 * * * *")]
    [InlineData("-1 * * * *")]
    [InlineData("+1 * * * *")]
    [InlineData("٣ * * * *")]
    [InlineData("0 0 31 2 *")]
    [InlineData("0 0 30 feb *")]
    [InlineData("@reboot")]
    [InlineData("99999999999999999999 * * * *")]
    public void Parse_WhatIsNone_IsRefusedInWords(string cron) =>
        Assert.NotEmpty(Assert.Throws<JobException>(() => CronSchedule.Parse(cron, "UTC")).Message);

    [Theory]
    [InlineData("")]
    [InlineData("Mars/Olympus")]
    [InlineData("../../etc/passwd")]
    public void Parse_WithoutSuchAZone_IsRefused(string zone) =>
        Assert.Throws<JobException>(() => CronSchedule.Parse("0 0 * * *", zone));

    [Fact]
    public void Parse_SpoiledText_IsReadOrRefused()
    {
        const string Letters = "0123456789*/-, @abfmns\0\t٣";
        var random = new Random(8135);
        for (var round = 0; round < 2000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(140)).Select(_ => Letters[random.Next(Letters.Length)]));
            try
            {
                Assert.NotNull(CronSchedule.Parse(text, "UTC").Next(At("2026-11-21T00:00Z")));
            }
            catch (JobException)
            {
                // So it should be.
            }
        }
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
