using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Testing.Registries;

/// <summary>An authority of a test's own, and certificates that it signs, as PEM files in a folder of the test's.</summary>
public sealed class TestAuthority
{
    private readonly string _folder;
    private readonly string _certificate;
    private readonly string _key;

    public TestAuthority(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Authority {Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _certificate = certificate.ExportCertificatePem();
        _key = key.ExportPkcs8PrivateKeyPem();
        File.WriteAllText(CertificateFile, _certificate);
    }

    /// <summary>The authority's own certificate.</summary>
    public string CertificateFile => Path.Combine(_folder, "authority.crt");

    /// <summary>Makes <c>NAME.cert</c> and <c>NAME.key</c>.</summary>
    /// <param name="name">Of the files.</param>
    /// <param name="address">What a server's certificate is for; null for a client's.</param>
    /// <returns>The paths.</returns>
    public (string Certificate, string Key) Sign(string name, IPAddress? address = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid(address is null ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1")], false));
        if (address is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(address);
            request.CertificateExtensions.Add(names.Build());
        }

        using var authority = X509Certificate2.CreateFromPem(_certificate, _key);
        using var certificate = request.Create(
            authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), RandomNumberGenerator.GetBytes(8));
        var paths = (Path.Combine(_folder, $"{name}.cert"), Path.Combine(_folder, $"{name}.key"));
        File.WriteAllText(paths.Item1, certificate.ExportCertificatePem());
        File.WriteAllText(paths.Item2, key.ExportPkcs8PrivateKeyPem());
        return paths;
    }
}
