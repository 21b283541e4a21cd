namespace Portal.Web.Features.Environments.Rules;

/// <summary>Times of windows in the reader's words.</summary>
internal static class DeploymentTimes
{
    /// <summary>By the clock of a zone, which is named.</summary>
    public static string In(string zone, DateTimeOffset at)
    {
        var found = DeployCalendar.FindZone(zone) ?? TimeZoneInfo.Utc;
        var local = TimeZoneInfo.ConvertTime(at, found);
        return T("{0:ddd yyyy-MM-dd HH:mm} {1}", local, found.Id);
    }
}
