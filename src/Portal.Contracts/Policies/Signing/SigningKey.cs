using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Contracts.Policies.Signing;

/// <summary>
/// A public key that signatures of images are verified with: ECDSA on P-256 or P-384, Ed25519, or RSA of 2048 bits and more, as cosign and podman
/// make them and hand them out: <c>-----BEGIN PUBLIC KEY-----</c>.
/// </summary>
/// <remarks>Immutable; any thread.</remarks>
public sealed class SigningKey
{
    private const int LongestText = 8192;
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 8192;
    private const string Label = "PUBLIC KEY";
    private const string EcOid = "1.2.840.10045.2.1";
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string Ed25519Oid = "1.3.101.112";
    private const string P256Oid = "1.2.840.10045.3.1.7";
    private const string P384Oid = "1.3.132.0.34";
    private readonly byte[] _encoded;
    private readonly byte[] _ed25519;

    private SigningKey(byte[] encoded, string kind, byte[] ed25519)
    {
        _encoded = encoded;
        _ed25519 = ed25519;
        Kind = kind;
        Fingerprint = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(encoded))}";
    }

    /// <summary>
    /// <c>sha256:</c> and 64 hexadecimal digits: of the key's SubjectPublicKeyInfo. The same key has the same one, however its text is broken into
    /// lines.
    /// </summary>
    public string Fingerprint { get; }

    /// <summary>Such as <c>ECDSA P-256</c>, for people.</summary>
    public string Kind { get; }

    /// <summary>The fingerprint as messages show it: its first 16 digits.</summary>
    public string Short => Fingerprint[..23];

    /// <summary>Reads a key.</summary>
    /// <param name="text">PEM: one public key, and nothing else.</param>
    /// <param name="key">The key; null when it is none.</param>
    /// <param name="problem">Why it is none, as a sentence for the user; null when it is one.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SigningKey? key, [NotNullWhen(false)] out string? problem)
    {
        key = null;
        problem = ProblemOf(text, out var encoded);
        if (problem is not null)
        {
            return false;
        }

        try
        {
            key = Read(encoded);
        }
        catch (Exception failure) when (failure is CryptographicException or PlatformNotSupportedException)
        {
            // Not the DER of a key, not a point of its curve, or a curve that nobody knows.
        }

        problem = key is null
            ? "The key can't be used: it must be ECDSA on P-256 or P-384, Ed25519, or RSA of 2048 to 8192 bits." : null;
        return key is not null;
    }

    /// <summary>Whether it is a signature of the bytes by this key. Nothing that a stranger sends makes it throw.</summary>
    /// <param name="data">What was signed, as it is.</param>
    /// <param name="signature">As cosign writes it: DER of ECDSA, PKCS#1 v1.5 of RSA, 64 bytes of Ed25519.</param>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (_ed25519.Length > 0)
        {
            return Ed25519.Verify(_ed25519, data, signature);
        }

        try
        {
            return Kind.StartsWith("RSA", StringComparison.Ordinal) ? VerifiesRsa(data, signature) : VerifiesEcdsa(data, signature);
        }
        catch (CryptographicException)
        {
            // Bytes that are no signature at all.
            return false;
        }
    }

    private static string? ProblemOf(string? text, out byte[] encoded)
    {
        encoded = [];
        if (string.IsNullOrWhiteSpace(text))
        {
            return "A key is missing: paste it with its lines -----BEGIN PUBLIC KEY----- and -----END PUBLIC KEY-----.";
        }

        if (text.Length > LongestText || !PemEncoding.TryFind(text, out var fields))
        {
            return "That is no key in PEM: it begins with -----BEGIN PUBLIC KEY----- and ends with -----END PUBLIC KEY-----.";
        }

        var label = text[fields.Label];
        if (label != Label)
        {
            return label.Contains("PRIVATE", StringComparison.Ordinal)
                ? "That is a private key. It belongs to those who sign, and nowhere else: paste the public one."
                : $"That is PEM of the kind '{label}', not of 'PUBLIC KEY'.";
        }

        var (start, length) = fields.Location.GetOffsetAndLength(text.Length);
        if (!string.IsNullOrWhiteSpace(text[..start]) || !string.IsNullOrWhiteSpace(text[(start + length)..]))
        {
            return "There is more than one public key, or other text beside it: write each key by itself.";
        }

        encoded = Convert.FromBase64String(text[fields.Base64Data]);
        return null;
    }

    private static SigningKey? Read(byte[] encoded)
    {
        var key = PublicKey.CreateFromSubjectPublicKeyInfo(encoded, out var read);
        if (read != encoded.Length)
        {
            return null;
        }

        switch (key.Oid.Value)
        {
            case EcOid:
                using (var ecdsa = ECDsa.Create())
                {
                    ecdsa.ImportSubjectPublicKeyInfo(encoded, out _);
                    var kind = ecdsa.ExportParameters(false).Curve.Oid.Value switch
                    {
                        P256Oid => "ECDSA P-256", P384Oid => "ECDSA P-384", _ => null,
                    };
                    return kind is null ? null : new SigningKey(encoded, kind, []);
                }

            case RsaOid:
                using (var rsa = RSA.Create())
                {
                    rsa.ImportSubjectPublicKeyInfo(encoded, out _);
                    return rsa.KeySize is >= LeastRsaBits and <= MostRsaBits ? new SigningKey(encoded, $"RSA {rsa.KeySize}", []) : null;
                }

            case Ed25519Oid:
                var point = key.EncodedKeyValue.RawData;
                return Ed25519.IsKey(point) ? new SigningKey(encoded, "Ed25519", point) : null;

            default:
                return null;
        }
    }

    private bool VerifiesRsa(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(_encoded, out _);
        return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    // With P-384 podman hashes by SHA-256 and newer versions of cosign by SHA-384.
    private bool VerifiesEcdsa(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        const DSASignatureFormat Der = DSASignatureFormat.Rfc3279DerSequence;
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(_encoded, out _);
        return ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256, Der)
            || (ecdsa.KeySize == 384 && ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA384, Der));
    }
}
