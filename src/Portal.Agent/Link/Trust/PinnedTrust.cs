using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Agent.Link.Trust;

/// <summary>By the one certificate that the join token was made for.</summary>
/// <param name="fingerprint">Its SHA-256.</param>
internal sealed class PinnedTrust(byte[] fingerprint) : PortalTrust
{
    /// <summary>SHA-256 of the certificate.</summary>
    public byte[] Fingerprint => fingerprint;

    public override string Description => "the certificate that its join token was made for";

    public override void ApplyTo(SslClientAuthenticationOptions options, Uri portal) =>
        options.RemoteCertificateValidationCallback = (_, certificate, _, _) => Matches(certificate, portal);

    private bool Matches(X509Certificate? certificate, Uri portal)
    {
        // The pin is all that counts, and it counts always: names, dates and authorities neither help nor replace it.
        return certificate is not null
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(certificate.GetRawCertData()), fingerprint)
                ? true
                : throw new UntrustedPortalException(
                    $"The certificate at {portal} is not the one that this node's join token was made for. Either somebody stands in between, "
                    + "or the portal has a new certificate: then leave and join again with a new token, or, where it has new ones again and "
                    + "again, have this node go by authorities (the command 'trust').");
    }
}
