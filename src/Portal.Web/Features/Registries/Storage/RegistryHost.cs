using System.Text.RegularExpressions;

namespace Portal.Web.Features.Registries.Storage;

/// <summary>Addresses of registries as the portal keeps them: <c>host[:port]</c> in lower case, <c>docker.io</c> for Docker Hub.</summary>
internal static partial class RegistryHost
{
    public const string DockerHub = "docker.io";
    private const int MaxLength = 261;

    /// <summary>The address that a person means who writes it with a scheme, a path, in capitals or as one of Docker Hub's names.</summary>
    /// <returns>Null when it is none.</returns>
    public static string? Normalize(string text)
    {
        text = text.Trim().ToLowerInvariant();
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0 && text[..scheme] is not ("http" or "https"))
        {
            return null;
        }

        var host = text[(scheme < 0 ? 0 : scheme + 3)..].Split('/')[0];
        return host is "index.docker.io" or "registry-1.docker.io" or "hub.docker.com" ? DockerHub
            : host.Length <= MaxLength && IsHost(host) ? host
            : null;
    }

    /// <summary>True for a host that is reached without a network.</summary>
    public static bool IsLoopback(string text) => Uri.TryCreate($"http://{Normalize(text)}/", UriKind.Absolute, out var uri) && uri.IsLoopback;

    /// <summary>The registry of an image's name (distribution, <c>reference</c>): its first part where that can be no part of a path.</summary>
    public static string OfImage(string image)
    {
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : image[..slash];
        var isHost = first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsAsciiLetterUpper);
        return isHost ? Normalize(first) ?? first.ToLowerInvariant() : DockerHub;
    }

    // A name without a dot or a port would be taken for a part of a path of Docker Hub when somebody wrote it before an image.
    private static bool IsHost(string host) =>
        Shape().IsMatch(host) && (host.AsSpan().ContainsAny('.', ':') || host == "localhost");

    [GeneratedRegex(
        @"\A([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(:[0-9]{1,5})?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Shape();
}
