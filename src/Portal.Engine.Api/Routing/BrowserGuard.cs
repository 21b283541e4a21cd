using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Streams;

namespace Portal.Engine.Api.Routing;

/// <summary>
/// Refuses what a web page makes a browser send. Docker's clients are programs: they send no <c>Origin</c> and no fetch metadata
/// (https://www.w3.org/TR/fetch-metadata/), which a browser adds by itself and no script can take away.
/// </summary>
internal static class BrowserGuard
{
    /// <summary>What is wrong with the request, or null.</summary>
    public static string? FindProblem(HttpRequest request, DockerConnection connection)
    {
        if (request.Headers.ContainsKey("Origin") || request.Headers.ContainsKey("Sec-Fetch-Site"))
        {
            return "The engine's API is not for web pages: a request with an Origin or Sec-Fetch-Site header is refused.";
        }

        return connection.Names is { } names && !names.Contains(request.Host.Host)
            ? $"The engine is not known as '{request.Host.Host}'. Use its address, or name it in PORTAL_DOCKER_TCP_NAMES."
            : null;
    }
}
