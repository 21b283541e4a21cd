using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Engine.Logs.Forwarding.Sinks;

/// <summary>How a receiver is known and how it knows us: the options <c>syslog-tls-*</c>.</summary>
/// <param name="AuthorityPath">PEM file of the only authorities to trust; empty for the host's.</param>
/// <param name="CertificatePath">PEM file of our certificate; empty for none.</param>
/// <param name="KeyPath">PEM file of its key.</param>
/// <param name="SkipVerify">Take any certificate: a person wrote that into the container's options.</param>
internal sealed record SinkTls(string AuthorityPath, string CertificatePath, string KeyPath, bool SkipVerify)
{
    public async Task<Stream> AuthenticateAsync(Stream stream, string host, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream);
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (CertificatePath.Length > 0)
        {
            options.ClientCertificates = [X509Certificate2.CreateFromPemFile(CertificatePath, KeyPath)];
        }

        if (SkipVerify)
        {
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        }
        else if (AuthorityPath.Length > 0)
        {
            options.CertificateChainPolicy = OnlyAuthorities();
        }

        await secure.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
        return secure;
    }

    /// <summary>Tells of files that can't be used.</summary>
    public void Check(Action<string> refuse)
    {
        void Try(string what, Action read)
        {
            try
            {
                read();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
            {
                refuse($"could not read {what}: {failure.Message}");
            }
        }

        if (AuthorityPath.Length > 0)
        {
            Try($"the authorities in '{AuthorityPath}' (syslog-tls-ca-cert)", () =>
            {
                if (OnlyAuthorities().CustomTrustStore.Count == 0)
                {
                    throw new CryptographicException("it holds no certificate in PEM form");
                }
            });
        }

        if (CertificatePath.Length > 0 && KeyPath.Length > 0)
        {
            Try(
                $"the certificate in '{CertificatePath}' (syslog-tls-cert) with the key in '{KeyPath}' (syslog-tls-key)",
                () => X509Certificate2.CreateFromPemFile(CertificatePath, KeyPath).Dispose());
        }
    }

    private X509ChainPolicy OnlyAuthorities()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(AuthorityPath);
        return policy;
    }
}
