using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Web.Access.Tokens;

/// <summary>
/// A token as a certificate with its key, for clients that prove themselves by TLS. It is signed by itself: that it is one of the portal's
/// the hash in the database says, and that the client has the key the handshake proves, so that no authority is needed that could sign
/// others.
/// </summary>
/// <param name="Certificate">In PEM.</param>
/// <param name="Key">PKCS#8 in PEM. It is told once and kept nowhere.</param>
/// <param name="Hash">What is kept.</param>
public sealed record TokenCertificate(string Certificate, string Key, byte[] Hash)
{
    /// <summary>How those begin in lists.</summary>
    public const string Beginning = "cert:";

    private const int ShownDigits = 6;
    private const int LongestName = 64;

    /// <summary>How it is recognised.</summary>
    public string Prefix => Beginning + Convert.ToHexStringLower(Hash)[..ShownDigits];

    /// <param name="owner">For people who look into the file.</param>
    /// <param name="from">Since when it is good.</param>
    /// <param name="until">Until when.</param>
    public static TokenCertificate Create(string owner, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(owner.Length > LongestName ? owner[..LongestName] : owner);
        name.AddOrganizationName("Portal");
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));

        // Clocks differ by minutes.
        using var certificate = request.CreateSelfSigned(from.AddMinutes(-5), until);
        return new TokenCertificate(
            certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n", HashOf(certificate));
    }

    public static byte[] HashOf(X509Certificate2 certificate) => SHA256.HashData(certificate.RawData);

    // What a record prints by itself would be all of it.
    public override string ToString() => Prefix;
}
