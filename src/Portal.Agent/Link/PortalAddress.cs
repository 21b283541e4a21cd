using System.Net;
using Portal.Agent.Link.Trust;

namespace Portal.Agent.Link;

/// <summary>
/// Where the portal is and how it is told from impostors: over TLS by its pinned certificate or by authorities, whichever was
/// chosen on joining; without TLS only on this very host.
/// </summary>
internal sealed class PortalAddress
{
    private PortalAddress(Uri url, PortalTrust? trust)
    {
        Url = url;
        Trust = trust;
    }

    /// <summary>The origin.</summary>
    public Uri Url { get; }

    /// <summary>What is gone by; null exactly for plain HTTP on loopback.</summary>
    public PortalTrust? Trust { get; }

    /// <summary>Checks that URL and what is gone by belong together.</summary>
    /// <exception cref="LinkException">They do not; definite.</exception>
    public static PortalAddress Parse(string text, PortalTrust? trust)
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
            if (trust is AuthorityTrust)
            {
                throw new LinkException($"'{text}' shows no certificate that an authority could stand behind: it must be https.", LinkProblem.Refused);
            }

            return IsLoopback(url)
                ? new PortalAddress(url, null)
                : throw new LinkException(
                    $"'{text}' is not on this host, so it must be https: "
                    + "plain http would let others read and change what the portal asks of this host.",
                    LinkProblem.Refused);
        }

        return trust is not null
            ? new PortalAddress(url, trust)
            : throw new LinkException(
                "This join token carries no certificate's fingerprint: the portal had no TLS endpoint when it was made. "
                + "Set PORTAL_HTTPS on the portal and make a new token; or, where a proxy shows a certificate of an authority, say so with --trust system.",
                LinkProblem.Refused);
    }

    /// <summary>The same for several, separated by commas: portals of one database, gone by alike.</summary>
    /// <exception cref="LinkException">One does not go with the trust, or there are none; definite.</exception>
    public static IReadOnlyList<PortalAddress> ParseAll(string text, PortalTrust? trust)
    {
        var addresses = text.Split(',', StringSplitOptions.TrimEntries).Select(one => Parse(one, trust)).ToArray();
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
