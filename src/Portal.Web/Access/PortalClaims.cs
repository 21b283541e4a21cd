using System.Security.Claims;

namespace Portal.Web.Access;

/// <summary>What the portal adds to a signed-in person's claims, and how it reads them.</summary>
public static class PortalClaims
{
    /// <summary>Where the request came from; added to each request, never kept in the cookie.</summary>
    public const string Address = "portal.address";

    /// <summary>The name to show.</summary>
    public const string DisplayName = "portal.display_name";

    /// <summary>The language of the person's profile; absent for the browser's.</summary>
    public const string Language = "portal.language";

    /// <summary>The time zone of the person's profile, as <c>Europe/Berlin</c>; absent for the browser's.</summary>
    public const string TimeZone = "portal.time_zone";

    /// <summary>Present while the person must choose a new password before anything else.</summary>
    public const string MustChangePassword = "portal.must_change_password";

    /// <summary>The id of the API token by which a program acts for the user.</summary>
    public const string TokenId = "portal.token_id";

    /// <summary>The name of that token.</summary>
    public const string TokenName = "portal.token_name";

    /// <summary>The id of the token by which a program acts, or null for a person in a session.</summary>
    public static Guid? TokenIdOf(this ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(TokenId), out var id) ? id : null;

    /// <summary>The id of the session that the cookie stands for. Programs that prove themselves in other ways have none.</summary>
    public const string Session = "portal.session";

    /// <summary>The session's id, or null for who has none.</summary>
    public static Guid? SessionId(this ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(Session), out var id) ? id : null;

    /// <summary>The user's id, or null for whoever is not signed in.</summary>
    public static Guid? UserId(this ClaimsPrincipal user) =>
        user.Identity?.IsAuthenticated == true && Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out var id) ? id : null;

    /// <summary>Who acts, for the audit log.</summary>
    public static Actor ToActor(this ClaimsPrincipal user) =>
        new(user.UserId() ?? Guid.Empty, NameOf(user), user.FindFirstValue(Address) ?? "");

    // The audit log tells what a program did in somebody's name from what that person did.
    private static string NameOf(ClaimsPrincipal user)
    {
        var name = user.Identity?.Name ?? "";
        return user.FindFirstValue(TokenName) is { } token ? $"{name} (token '{token}')" : name;
    }
}
