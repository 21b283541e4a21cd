using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Portal.Testing.Signing;

/// <summary>Private keys as cosign writes them to files, for podman and skopeo to sign with.</summary>
public static class SigstoreKeyFile
{
    private const int Cost = 32768;

    /// <summary>The file's text: PEM, encrypted by a passphrase.</summary>
    public static string Write(ECDsa key, string passphrase)
    {
        var (salt, nonce) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(24));
        var secret = Salsa20.Scrypt(Encoding.UTF8.GetBytes(passphrase), salt, Cost, 32);
        var document = JsonSerializer.SerializeToUtf8Bytes(new
        {
            kdf = new { name = "scrypt", @params = new { N = Cost, r = 8, p = 1 }, salt },
            cipher = new { name = "nacl/secretbox", nonce },
            ciphertext = Salsa20.Seal(key.ExportPkcs8PrivateKey(), nonce, secret),
        });
        return PemEncoding.WriteString("ENCRYPTED COSIGN PRIVATE KEY", document);
    }
}
