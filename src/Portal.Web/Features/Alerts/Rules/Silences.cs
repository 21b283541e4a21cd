using Portal.Data.Entities.Alerts;

namespace Portal.Web.Features.Alerts.Rules;

/// <summary>When a silence holds, and for what.</summary>
internal static class Silences
{
    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);

    public static bool Cover(AlertSilence silence, Alert alert, DateTimeOffset now) =>
        IsOn(silence, now)
        && (silence.RuleId is null || silence.RuleId == alert.RuleId)
        && (silence.NodeId is null || silence.NodeId == alert.NodeId)
        && AlertCondition.Matches(silence.NamePattern, alert.SubjectName);

    public static bool IsOn(AlertSilence silence, DateTimeOffset now)
    {
        var since = now - silence.BeginsAt;
        if (since < TimeSpan.Zero)
        {
            return false;
        }

        var length = silence.EndsAt - silence.BeginsAt;
        return silence.Weekly ? TimeSpan.FromTicks(since.Ticks % s_week.Ticks) < length : since < length;
    }
}
