using Microsoft.Extensions.Options;

namespace Portal.Web.Configuration;

/// <summary>The prefix under which a reverse proxy offers the portal.</summary>
internal static class PathBase
{
    private const int Longest = 128;

    /// <summary>Whether it is one: a slash and letters, digits, dots, hyphens or underscores, once or several times.</summary>
    public static bool IsValid(string prefix) =>
        prefix.Length <= Longest
        && prefix.StartsWith('/')
        && prefix[1..].Split('/').All(part =>
            part.Length > 0 && part.Trim('.').Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));

    /// <summary>
    /// Takes the prefix off the path of a request, and remembers it for links, redirects and cookies; also where the proxy has taken it off
    /// already, and for who reaches the portal without a proxy.
    /// </summary>
    public static void UsePortalPathBase(this IApplicationBuilder app)
    {
        var prefix = new PathString(app.ApplicationServices.GetRequiredService<IOptions<PortalOptions>>().Value.PathBase);
        if (!prefix.HasValue)
        {
            return;
        }

        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(prefix, StringComparison.Ordinal, out var below))
            {
                context.Request.Path = below;
            }

            context.Request.PathBase = prefix;
            return next(context);
        });
    }
}
