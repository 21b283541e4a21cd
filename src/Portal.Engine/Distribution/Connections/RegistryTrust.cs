using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Engine.Errors;

namespace Portal.Engine.Distribution.Connections;

/// <summary>What one folder of a registry's certificates holds, by the rules of Docker's <c>certs.d</c>.</summary>
internal sealed class RegistryTrust
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Trusted besides the system's own.</summary>
    public X509Certificate2Collection Authorities { get; } = [];

    /// <summary>With their keys.</summary>
    public X509Certificate2Collection Clients { get; } = [];

    /// <summary>Reads a folder into this.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="withClients">Also the certificates to show; not for another host than the folder's own.</param>
    /// <exception cref="EngineException">InvalidArgument: a file can't be understood, or a half of a pair is missing.</exception>
    public void Add(string folder, bool withClients)
    {
        foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            try
            {
                AddFile(file, withClients);
            }
            catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
            {
                throw new EngineException(
                    EngineErrorKind.InvalidArgument, $"The certificate file '{file}' can't be used: {failure.Message}", failure);
            }
        }
    }

    /// <summary>Judges a server's certificate: by the system's authorities, then by these. Its name and dates must be right either
    /// way.</summary>
    public bool Accepts(X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || Authorities.Count == 0 || certificate is not X509Certificate2 server)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(server);
    }

    private void AddFile(string file, bool withClients)
    {
        switch (Path.GetExtension(file))
        {
            case ".crt":
                Authorities.ImportFromPemFile(file);
                break;
            case ".cert":
                var key = Path.ChangeExtension(file, ".key");
                if (!File.Exists(key))
                {
                    throw EngineException.InvalidArgument(
                        $"missing key {Path.GetFileName(key)} for client certificate {Path.GetFileName(file)}. "
                        + "CA certificates must use the extension .crt.");
                }

                if (withClients)
                {
                    Clients.Add(X509Certificate2.CreateFromPemFile(file, key));
                }

                break;
            case ".key" when !File.Exists(Path.ChangeExtension(file, ".cert")):
                throw EngineException.InvalidArgument(
                    $"missing client certificate {Path.GetFileNameWithoutExtension(file)}.cert for key {Path.GetFileName(file)}");
        }
    }
}
