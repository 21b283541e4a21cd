using System.Security.Claims;
using Portal.Web.Access;

namespace Portal.Web.Languages;

/// <summary>The time zones to choose from, and the one of a person's profile. Without one, times are in the browser's.</summary>
/// <remarks>The pages' scripts write the times (<c>data-zone</c> of the document): the server does not know the browser's zone.</remarks>
internal static class TimeZoneChoice
{
    private const string Utc = "UTC";
    private const int Longest = 64;

    // Names of places alone: the others are old names of the same zones.
    private static readonly string[] s_regions =
        ["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

    /// <summary>By name, as <c>Europe/Berlin</c>; UTC first. What the portal's host knows.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Utc,
        .. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(IsPlace).Order(StringComparer.Ordinal),
    ];

    /// <summary>The zone of that name; null when there is none.</summary>
    public static string? Find(string? name) =>
        name is { Length: > 0 and <= Longest } && (name == Utc || (IsPlace(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _)))
            ? name : null;

    /// <summary>The zone of the person's profile; null for the browser's.</summary>
    public static string? Of(ClaimsPrincipal person) => Find(person.FindFirstValue(PortalClaims.TimeZone));

    private static bool IsPlace(string name) =>
        name.IndexOf('/', StringComparison.Ordinal) is > 0 and var end && s_regions.Contains(name[..end], StringComparer.Ordinal);
}
