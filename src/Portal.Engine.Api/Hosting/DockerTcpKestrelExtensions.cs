using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Portal.Engine.Api.Routing;

namespace Portal.Engine.Api.Hosting;

/// <summary>Makes Kestrel listen for Docker's API over TCP.</summary>
public static class DockerTcpKestrelExtensions
{
    /// <summary>Listens with mutual TLS, or without when the options say so.</summary>
    /// <remarks><see cref="DockerApiServiceCollectionExtensions.AddDockerApi"/> must have been called.</remarks>
    /// <exception cref="DockerTcpException">
    /// A file is missing or can't be used, a key can be read by others, or neither TLS nor doing without it was asked for.
    /// </exception>
    public static KestrelServerOptions ListenDockerTcp(this KestrelServerOptions kestrel, DockerTcpOptions options)
    {
        var names = new DockerHostNames(options.Names);
        var tls = options.WithoutTls ? null : ReadTls(options);
        kestrel.Listen(options.EndPoint, listener =>
        {
            if (tls is not null)
            {
                listener.UseHttps(tls);
            }

            listener.UseDockerConnections(names);
        });
        return kestrel;
    }

    private static HttpsConnectionAdapterOptions ReadTls(DockerTcpOptions options)
    {
        if (options is not { AuthorityFile: { } authorityFile, CertificateFile: { } certificateFile, KeyFile: { } keyFile })
        {
            throw new DockerTcpException(
                $"Docker's API can't be offered on {options.EndPoint}: over TCP it needs TLS, and a file each for the authority of its clients, "
                + "its own certificate and the private key.");
        }

        if ((GetMode(keyFile) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
        {
            throw new DockerTcpException($"The private key '{keyFile}' can be read by others. Make it safe with: chmod 600 {keyFile}");
        }

        var authorities = Read(authorityFile, () =>
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(authorityFile);
            return all.Count > 0 ? all : throw new CryptographicException("it holds no certificate");
        });
        var chain = Read(certificateFile, () =>
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(certificateFile);
            return all;
        });
        return new HttpsConnectionAdapterOptions
        {
            ServerCertificate = Read(keyFile, () => X509Certificate2.CreateFromPemFile(certificateFile, keyFile)),
            ServerCertificateChain = chain,
            ClientCertificateMode = ClientCertificateMode.RequireCertificate,
            ClientCertificateValidation = (certificate, presented, _) => IsTrusted(certificate, presented, authorities),
        };
    }

    private static bool IsTrusted(X509Certificate2 certificate, X509Chain? presented, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);

        // An authority of one's own publishes no revocations; taking it out of the file shuts its clients out.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2", "clientAuth"));
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }

    private static UnixFileMode GetMode(string file) => Read(file, () => File.GetUnixFileMode(file));

    private static T Read<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new DockerTcpException($"The PEM file '{file}' for Docker's API over TCP can't be used: {failure.Message}", failure);
        }
    }
}
