using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Agent.Tests.Link.Trust;

/// <summary>An authority that signs what a test wants, mistakes included.</summary>
internal sealed class Issuer
{
    private const string Servers = "1.3.6.1.5.5.7.3.1";

    private Issuer(X509Certificate2 certificate) => Certificate = certificate;

    /// <summary>Its own, with the key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Its own in PEM, without the key.</summary>
    public string Pem => Certificate.ExportCertificatePem();

    /// <summary>One that stands for itself.</summary>
    public static Issuer MakeRoot()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new Issuer(RequestAuthority(key).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30)));
    }

    /// <summary>One that this one stands for.</summary>
    public Issuer MakeIntermediate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new Issuer(Sign(RequestAuthority(key), key, DateTimeOffset.UtcNow.AddDays(-29), DateTimeOffset.UtcNow.AddDays(29)));
    }

    /// <summary>A server's certificate with its key.</summary>
    /// <param name="name">The host's name.</param>
    /// <param name="daysFromNow">When it ends; before now for one that has ended.</param>
    /// <param name="usage">What it may be used for.</param>
    public X509Certificate2 Sign(string name = "localhost", double daysFromNow = 1, string usage = Servers)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=portal", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return Sign(request, key, DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(daysFromNow));
    }

    private static CertificateRequest RequestAuthority(ECDsa key)
    {
        var request = new CertificateRequest($"CN=Authority {Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request;
    }

    private X509Certificate2 Sign(CertificateRequest request, ECDsa key, DateTimeOffset from, DateTimeOffset to)
    {
        using var signed = request.Create(Certificate, from, to, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
