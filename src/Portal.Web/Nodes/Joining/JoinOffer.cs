using Portal.Web.Nodes.Tls;

namespace Portal.Web.Nodes.Joining;

/// <summary>Where hosts can join, and what they can go by there.</summary>
/// <param name="Pinned">The address at which they meet the certificate whose fingerprint tokens carry; null where the portal knows of none.</param>
/// <param name="Public">The address whose certificate authorities may stand behind, such as a proxy's; null where there is none.</param>
internal sealed record JoinOffer(string? Pinned, string? Public)
{
    /// <summary>What the portal offers to somebody who reads its page at <paramref name="page"/>.</summary>
    /// <param name="page">The page's origin and prefix, as the reader's browser has them.</param>
    /// <param name="tls">The portal's TLS endpoint.</param>
    /// <param name="certificate">What tokens carry the fingerprint of.</param>
    public static JoinOffer At(Uri page, PortalTlsOptions tls, PortalCertificate certificate)
    {
        var prefix = page.AbsolutePath.TrimEnd('/');
        var here = page.GetLeftPart(UriPartial.Authority) + prefix;
        var port = tls.Address is { } address ? address[(address.LastIndexOf(':') + 1)..] : null;
        var own = port is null ? null : $"https://{page.Host}:{port}{prefix}";
        var isHttps = page.Scheme == Uri.UriSchemeHttps;

        // Without a certificate only plain HTTP on the portal's own machine is left, which needs none.
        var pinned = own ?? (certificate.Value is not null || !isHttps ? here : null);

        // Nobody stands behind a certificate that the portal made for itself.
        var isOwn = own is not null && new Uri(own).Authority == page.Authority;
        var reached = isHttps && !isOwn ? here : tls.CertificatePath is not null ? own : null;
        return new JoinOffer(pinned, reached);
    }
}
