namespace Portal.Web.Identity;

/// <summary>Where to go after signing in: only to this portal's own pages.</summary>
internal static class LocalUrl
{
    /// <summary>The URL when it is a path of this portal, else the start page.</summary>
    public static string OrHome(string? url)
    {
        // "//host" and "/\host" leave the portal; control characters are dropped by browsers and could hide either.
        return url is ['/', ..] && url is not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : "/";
    }
}
