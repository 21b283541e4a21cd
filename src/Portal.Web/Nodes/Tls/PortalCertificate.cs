using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Web.Nodes.Tls;

/// <summary>
/// The certificate that agents meet: that of the portal's TLS endpoint, a configured one or one that the portal makes for itself on first
/// start; or, where the portal has no such endpoint, the configured one of a proxy that ends TLS before it, without its key. Agents pin
/// its SHA-256, which join tokens carry, so it needs no authority.
/// </summary>
/// <remarks>Singleton; any thread. With neither there is no certificate and nothing is made.</remarks>
public sealed class PortalCertificate
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly Lazy<X509Certificate2?> _certificate;

    public PortalCertificate(PortalTlsOptions options, TimeProvider time)
    {
        _certificate = new Lazy<X509Certificate2?>(() => options switch
        {
            { Address: not null } => Load(options, time),
            { CertificatePath: { } ofProxy } => X509CertificateLoader.LoadCertificateFromFile(ofProxy),
            _ => null,
        });
    }

    /// <summary>The certificate, with its private key where the portal ends TLS itself; null when agents meet none.</summary>
    public X509Certificate2? Value => _certificate.Value;

    /// <summary>SHA-256 of the certificate in DER form, or null when agents meet none.</summary>
    public byte[]? Fingerprint => Value is { } certificate ? SHA256.HashData(certificate.RawData) : null;

    private static X509Certificate2 Load(PortalTlsOptions options, TimeProvider time)
    {
        if (options.CertificatePath is { } configured)
        {
            var key = options.KeyPath
                ?? throw new InvalidOperationException("PORTAL_TLS_CERT is set, but PORTAL_TLS_KEY is not: set both or neither.");
            return X509Certificate2.CreateFromPemFile(configured, key);
        }

        var path = Path.Combine(options.Folder, "portal.pem");
        if (!File.Exists(path))
        {
            Make(path, time.GetUtcNow());
        }

        return X509Certificate2.CreateFromPemFile(path);
    }

    private static void Make(string path, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Portal", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName(Dns.GetHostName());
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));

        // Agents pin this certificate: a short life would cut every node off, and buys nothing without an authority.
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(20));
        Write(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static void Write(string path, string pem)
    {
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var temporary = Path.Combine(folder, $".{Guid.NewGuid():N}");
        using (var file = new FileStream(
            temporary,
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(pem));
            file.Flush(flushToDisk: true);
        }

        // A portal that was killed in between leaves no half certificate; two that start at once agree on the first.
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }
}
