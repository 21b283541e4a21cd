using Microsoft.AspNetCore.Antiforgery;
using Portal.Web.Access;

namespace Portal.Web.Security;

/// <summary>Tells what another site's page made a browser send.</summary>
internal static class ForgedRequests
{
    /// <summary>
    /// True for what comes from our own page, or from a program: a browser sends cookies with a forged cross-site request too, but
    /// the antiforgery token only from our own page, and an API token never by itself.
    /// </summary>
    public static async Task<bool> IsGenuineAsync(this IAntiforgery antiforgery, HttpContext context) =>
        context.User.TokenIdOf() is not null || await antiforgery.IsRequestValidAsync(context);
}
