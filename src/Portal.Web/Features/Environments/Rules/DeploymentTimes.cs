using System.Globalization;

namespace Portal.Web.Features.Environments.Rules;

/// <summary>Times of windows in words.</summary>
internal static class DeploymentTimes
{
    /// <summary>By the clock of a zone, which is named.</summary>
    public static string In(string zone, DateTimeOffset at)
    {
        var found = DeployCalendar.FindZone(zone) ?? TimeZoneInfo.Utc;
        var local = TimeZoneInfo.ConvertTime(at, found);
        return $"{local.ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} {found.Id}";
    }
}
