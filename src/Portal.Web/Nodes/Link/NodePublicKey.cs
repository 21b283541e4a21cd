using System.Security.Cryptography;

namespace Portal.Web.Nodes.Link;

/// <summary>Public keys as agents send them, and what is signed with them.</summary>
internal static class NodePublicKey
{
    private const int MaximumLength = 256;
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Reads the base64 of a P-256 key strictly.</summary>
    public static bool TryRead(string? text, out byte[] key)
    {
        key = [];
        var bytes = new byte[MaximumLength];
        if (text is null || text.Length > MaximumLength || !Convert.TryFromBase64String(text, bytes, out var length))
        {
            return false;
        }

        try
        {
            using var parsed = ECDsa.Create();
            parsed.ImportSubjectPublicKeyInfo(bytes.AsSpan(0, length), out var read);
            key = bytes[..length];
            return read == length && parsed.ExportParameters(false).Curve.Oid.Value == P256;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public static bool Verify(byte[] publicKey, byte[] message, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(publicKey, out _);
        return key.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
