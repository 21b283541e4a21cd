using Microsoft.AspNetCore.Components;

namespace Portal.Web.Components;

/// <summary>
/// Paths of the portal as pages and links need them: relative to the base of the document, since a reverse proxy may have put the portal under
/// a prefix (<c>PORTAL_PATH_BASE</c>). A link that begins with a slash would leave it.
/// </summary>
public static class PortalPath
{
    /// <summary><c>/nodes</c> as <c>nodes</c>, and the start page as <c>.</c>; what is relative already stays as it is.</summary>
    public static string Relative(string path) => path switch
    {
        "/" => ".",
        ['/', ..] => path[1..],
        _ => path,
    };

    /// <summary>Goes to a page of the portal, or to another site.</summary>
    /// <param name="navigation">Knows the prefix.</param>
    /// <param name="address">As <see cref="Below"/> takes it.</param>
    public static void GoTo(this NavigationManager navigation, string address) =>
        navigation.NavigateTo(Below(new Uri(navigation.BaseUri).AbsolutePath.TrimEnd('/'), address));

    /// <summary>A path with the prefix, once.</summary>
    /// <param name="prefix">Without a slash at its end; empty for none.</param>
    /// <param name="address">A path with the prefix, as one that the browser was at, or without; what is no path stays as it is.</param>
    public static string Below(string prefix, string address) =>
        !address.StartsWith('/') || address == prefix || address.StartsWith(prefix + "/", StringComparison.Ordinal) ? address : prefix + address;
}
