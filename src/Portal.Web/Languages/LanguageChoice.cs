using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Portal.Web.Access;

namespace Portal.Web.Languages;

/// <summary>
/// In which language a request for a page is answered: the one of the person's profile, else the one that was chosen in this browser, else
/// the first that the browser asks for and the portal has, else English. A circuit keeps the language of the request that opened it.
/// </summary>
/// <remarks>
/// What programs ask for (REST, Docker, metrics, links of nodes) is in English and formatted for programs, whatever they say: their users
/// search for what an error says, and parse what a number says.
/// </remarks>
internal static class LanguageChoice
{
    /// <summary>Holds a code of <see cref="Language.All"/>. Scripts set it, as they do for the theme.</summary>
    public const string CookieName = "portal-language";

    // Browsers send a handful; who sends a thousand is not a reader.
    private const int MostAsked = 20;

    /// <summary>After routing and authentication, because it asks what is gone to, and the profile comes first.</summary>
    public static IApplicationBuilder UseLanguageChoice(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        // Set for what follows alone: the flow of the request ends with it.
        CultureInfo.CurrentUICulture = Choose(context).Culture;
        return next(context);
    });

    /// <summary>The language for a request.</summary>
    public static Language Choose(HttpContext context) =>
        !IsForPerson(context) ? Language.English
        : Language.Find(context.User.FindFirstValue(PortalClaims.Language))
            ?? Language.Find(context.Request.Cookies[CookieName])
            ?? AskedFor(context.Request.Headers.AcceptLanguage)
            ?? Language.English;

    // Pages, and what keeps them alive.
    private static bool IsForPerson(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null || context.Request.Path.StartsWithSegments("/_blazor");

    private static Language? AskedFor(StringValues header) =>
        StringWithQualityHeaderValue.TryParseList([.. header.OfType<string>()], out var asked)
            ? asked.Take(MostAsked)
                .Where(one => one.Quality is null or > 0)
                .OrderByDescending(one => one.Quality ?? 1)
                .Select(one => Language.Match(one.Value.ToString()))
                .FirstOrDefault(language => language is not null)
            : null;
}
