using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Agent.Link.Trust;

/// <summary>By authorities: any certificate in force for the portal's host name that one of them stands behind, so also the next one.</summary>
/// <remarks>
/// Weaker than a pin by as much as the authorities are: whoever gets a certificate for the name from one of them is taken for the portal.
/// So it is never what an agent comes to by itself. Revocation is not asked for: certificates of proxies live for weeks, and an agent that
/// waits for an answer from elsewhere is cut off by whoever keeps that from it.
/// </remarks>
internal sealed class AuthorityTrust : PortalTrust
{
    private const int MostCertificates = 200;
    private const int MostCharacters = 1024 * 1024;
    private static readonly Oid s_servers = new("1.3.6.1.5.5.7.3.1");
    private readonly X509Certificate2Collection? _authorities;

    private AuthorityTrust(X509Certificate2Collection? authorities, string? pem)
    {
        _authorities = authorities;
        Pem = pem;
    }

    /// <summary>Those that this host trusts for everything (<c>ca-certificates</c>).</summary>
    public static AuthorityTrust System { get; } = new(null, null);

    /// <summary>The given authorities, in PEM; null for the system's.</summary>
    public string? Pem { get; }

    public override string Description => _authorities is null
        ? "the authorities that this host trusts"
        : $"authorities of its own ({string.Join("; ", _authorities.Select(one => one.Subject))})";

    /// <summary>Reads the certificates of authorities, and nothing else may be among them.</summary>
    /// <param name="pem">PEM, one after another.</param>
    /// <param name="origin">Where it comes from, for errors.</param>
    /// <exception cref="LinkException">There are none, too many, or one can't be read; definite.</exception>
    public static AuthorityTrust Of(string pem, string origin)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            if (pem.Length <= MostCharacters)
            {
                certificates.ImportFromPem(pem);
            }
        }
        catch (CryptographicException failure)
        {
            throw new LinkException($"{origin} holds a certificate that can't be read.", LinkProblem.Refused, failure);
        }

        if (pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw new LinkException($"{origin} holds a private key. Give the authority's certificate alone.", LinkProblem.Refused);
        }

        if (certificates.Count is 0 or > MostCertificates)
        {
            throw new LinkException(
                $"{origin} must hold 1 to {MostCertificates} certificates in PEM ('-----BEGIN CERTIFICATE-----').", LinkProblem.Refused);
        }

        // A chain ends at a certificate that signed itself: with none of those, all portals would be refused later, and nobody
        // would know why.
        return certificates.Any(one => one.SubjectName.RawData.AsSpan().SequenceEqual(one.IssuerName.RawData))
            ? new AuthorityTrust(certificates, certificates.ExportCertificatePems())
            : throw new LinkException(
                $"{origin} holds only intermediate certificates. Give that of the authority at the root.", LinkProblem.Refused);
    }

    public override void ApplyTo(SslClientAuthenticationOptions options, Uri portal)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,

            // What a stranger's certificate names is not fetched: a server sends its chain.
            DisableCertificateDownloads = true,
        };
        policy.ApplicationPolicy.Add(s_servers);
        if (_authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(_authorities);
        }

        options.CertificateChainPolicy = policy;
        options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            errors == SslPolicyErrors.None
                ? true
                : throw new UntrustedPortalException(
                    $"The certificate at {portal} {Tell(certificate as X509Certificate2, chain, errors, portal)} "
                    + "Nothing was sent to whoever answered.");
    }

    private string Tell(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, Uri portal)
    {
        if (certificate is null)
        {
            return "is missing.";
        }

        // What helps differs, so the first that holds in this order is told: a date and a name say more than the authority.
        var problems = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? 0;
        if ((problems & X509ChainStatusFlags.NotTimeValid) != 0)
        {
            return $"is out of date (in force from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}): "
                + "renew it, or set this host's clock.";
        }

        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            return $"is not for the name '{portal.DnsSafeHost}': join by the name that it is for.";
        }

        return (problems & X509ChainStatusFlags.NotValidForUsage) != 0
            ? "is not one for servers."
            : _authorities is null
                ? "leads to none of the authorities that this host trusts: give the portal's own with --ca FILE, or have its proxy send the whole chain."
                : "leads to none of the authorities that this node goes by: give the right one with --ca FILE, or have its proxy send the whole chain.";
    }
}
