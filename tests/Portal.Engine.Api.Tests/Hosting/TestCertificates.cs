using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Engine.Api.Tests.Hosting;

/// <summary>An authority with a server on loopback and a client, and a stranger whose authority is another, as PEM files in a folder.</summary>
internal sealed class TestCertificates
{
    private readonly string _folder;

    public TestCertificates(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        using var authority = MakeAuthority("ca");
        Make("server", authority, "1.3.6.1.5.5.7.3.1");
        Make("client", authority, "1.3.6.1.5.5.7.3.2");
        using var other = MakeAuthority("other-ca");
        Make("stranger", other, "1.3.6.1.5.5.7.3.2");
    }

    public string CertificateOf(string name) => Path.Combine(_folder, name + ".pem");

    public string KeyOf(string name) => Path.Combine(_folder, name + ".key");

    /// <summary>The options of the stock CLI that make it one of them.</summary>
    public string[] Arguments(string name, int port) =>
    [
        "--tlsverify", "--tlscacert", CertificateOf("ca"), "--tlscert", CertificateOf(name), "--tlskey", KeyOf(name), "-H", $"tcp://127.0.0.1:{port}",
    ];

    private X509Certificate2 MakeAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        File.WriteAllText(CertificateOf(name), certificate.ExportCertificatePem());
        return certificate;
    }

    private void Make(string name, X509Certificate2 authority, string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(CertificateOf(name), certificate.ExportCertificatePem());
        File.WriteAllText(KeyOf(name), key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(KeyOf(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
