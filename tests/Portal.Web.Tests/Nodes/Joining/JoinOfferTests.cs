using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Testing;
using Portal.Web.Nodes.Joining;
using Portal.Web.Nodes.Tls;

namespace Portal.Web.Tests.Nodes.Joining;

public sealed class JoinOfferTests : IAsyncDisposable
{
    private readonly TestInstance _instance = new();

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Theory]
    [InlineData("http://127.0.0.1:8080/", null, false, "http://127.0.0.1:8080", null)]
    [InlineData("https://portal.example/", null, false, null, "https://portal.example")]
    [InlineData("https://portal.example/p/", null, true, "https://portal.example/p", "https://portal.example/p")]
    [InlineData("https://portal.example/", "0.0.0.0:8443", false, "https://portal.example:8443", "https://portal.example")]
    [InlineData("https://portal.example:8443/", "0.0.0.0:8443", false, "https://portal.example:8443", null)]
    [InlineData("https://portal.example:8443/", "0.0.0.0:8443", true, "https://portal.example:8443", "https://portal.example:8443")]
    [InlineData("http://127.0.0.1:8080/", "0.0.0.0:8443", false, "https://127.0.0.1:8443", null)]
    public void At_WhatThePortalKnows_OffersWhatHolds(string page, string? tls, bool configured, string? pinned, string? open)
    {
        var options = new PortalTlsOptions { Address = tls, Folder = _instance.TempPath("tls") };
        options = configured ? Configure(options) : options;
        var offer = JoinOffer.At(new Uri(page), options, new PortalCertificate(options, TimeProvider.System));
        Assert.Equal(new JoinOffer(pinned, open), offer);
    }

    private PortalTlsOptions Configure(PortalTlsOptions options)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=proxy", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        var (path, keyPath) = (_instance.TempPath("proxy.crt"), _instance.TempPath("proxy.key"));
        File.WriteAllText(path, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return options with { CertificatePath = path, KeyPath = keyPath };
    }
}
