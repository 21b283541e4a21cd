using System.Net;

namespace Portal.Agent.Link;

/// <summary>
/// Where the portal is and how it is told from impostors: over TLS by its pinned certificate, nothing else; without TLS only on this
/// very host.
/// </summary>
internal sealed class PortalAddress
{
    private PortalAddress(Uri url, byte[]? fingerprint)
    {
        Url = url;
        Fingerprint = fingerprint;
    }

    /// <summary>The origin.</summary>
    public Uri Url { get; }

    /// <summary>SHA-256 of the certificate; null exactly for plain HTTP on loopback.</summary>
    public byte[]? Fingerprint { get; }

    /// <summary>Checks that URL and pin go together.</summary>
    /// <exception cref="LinkException">They do not; definite.</exception>
    public static PortalAddress Parse(string text, byte[]? fingerprint)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            || url.UserInfo.Length > 0
            || url.Query.Length > 0
            || url.Fragment.Length > 0)
        {
            throw new LinkException($"'{text}' is no portal's URL. Example: https://portal.example.com:8443", LinkProblem.Refused);
        }

        if (url.Scheme == Uri.UriSchemeHttp)
        {
            return IsLoopback(url)
                ? new PortalAddress(url, null)
                : throw new LinkException(
                    $"'{text}' is not on this host, so it must be https: "
                    + "plain http would let others read and change what the portal asks of this host.",
                    LinkProblem.Refused);
        }

        return fingerprint is not null
            ? new PortalAddress(url, fingerprint)
            : throw new LinkException(
                "This join token carries no certificate's fingerprint: the portal had no TLS endpoint when it was made. "
                + "Set PORTAL_HTTPS on the portal and make a new token.",
                LinkProblem.Refused);
    }

    /// <summary>The same for several, separated by commas: portals of one database that show the same certificate.</summary>
    /// <exception cref="LinkException">One does not go with the pin, or there are none; definite.</exception>
    public static IReadOnlyList<PortalAddress> ParseAll(string text, byte[]? fingerprint)
    {
        var addresses = text.Split(',', StringSplitOptions.TrimEntries).Select(one => Parse(one, fingerprint)).ToArray();
        return addresses.DistinctBy(address => address.Url).Count() == addresses.Length
            ? addresses
            : throw new LinkException($"'{text}' names an address twice.", LinkProblem.Refused);
    }

    /// <summary>A path below the origin, for HTTP.</summary>
    public Uri Http(string path) => new(Url.AbsoluteUri.TrimEnd('/') + path);

    /// <summary>A path below the origin, for WebSockets.</summary>
    public Uri WebSocket(string path)
    {
        var scheme = Url.Scheme == Uri.UriSchemeHttps ? "wss" : "ws";
        return new UriBuilder(Http(path)) { Scheme = scheme }.Uri;
    }

    private static bool IsLoopback(Uri url)
    {
        return url.Host == "localhost" || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
    }
}
