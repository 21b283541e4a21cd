using System.Net.Security;
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
