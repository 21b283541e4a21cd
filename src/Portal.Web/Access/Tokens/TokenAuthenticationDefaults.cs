using System.Security.Cryptography.X509Certificates;
using Portal.Web.Features.Docker.Certificates;

namespace Portal.Web.Access.Tokens;

internal static class TokenAuthenticationDefaults
{
    public const string Scheme = "Bearer";

    /// <summary>Below it are the nodes' Docker APIs.</summary>
    public const string DockerPath = "/docker";

    // Pages are for sessions: a token must not open one.
    private const string ApiPath = "/api";

    /// <summary>
    /// Whether a token, not a session, says who sends the request. One that has a token is never let in by a cookie in its stead.
    /// </summary>
    public static bool IsByToken(HttpContext context) =>
        ((context.Request.Path.StartsWithSegments(DockerPath) || context.Request.Path.StartsWithSegments(ApiPath))
            && ReadToken(context.Request) is not null)
        || ReadCertificate(context) is not null;

    /// <summary>The certificate that the client of docker's own address has shown; null for none, and anywhere else.</summary>
    public static X509Certificate2? ReadCertificate(HttpContext context) =>
        DockerTlsConnection.Is(context) && context.Request.Path.StartsWithSegments(DockerPath)
            ? context.Connection.ClientCertificate
            : null;

    /// <summary>What stands behind <c>Bearer</c> in the header of the request; null when nothing does.</summary>
    public static string? ReadToken(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase) ? header[(Scheme.Length + 1)..].Trim() : null;
    }
}
