using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Web.Nodes.Tls;

namespace Portal.Web.Tests.Nodes.Joining;

public sealed class PortalCertificateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Fingerprint_BehindAProxyThatEndsTls_IsThatOfItsCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var ofProxy = new CertificateRequest("CN=portal.example", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        var path = Path.Combine(_folder, "proxy.pem");
        File.WriteAllText(path, ofProxy.ExportCertificatePem());

        var certificate = new PortalCertificate(new PortalTlsOptions { Folder = _folder, CertificatePath = path }, TimeProvider.System);

        Assert.Equal(SHA256.HashData(ofProxy.RawData), certificate.Fingerprint);
        Assert.False(certificate.Value!.HasPrivateKey);
    }

    [Fact]
    public void Value_WithoutTls_IsNoneAndNothingIsMade()
    {
        var certificate = new PortalCertificate(new PortalTlsOptions { Folder = _folder }, TimeProvider.System);

        Assert.Null(certificate.Value);
        Assert.Null(certificate.Fingerprint);
        Assert.Empty(Directory.GetFiles(_folder));
    }
}
