using System.Security.Cryptography;

namespace Portal.Contracts.Link;

/// <summary>A key in a form that people compare: what the agent prints, and what the portal shows.</summary>
public static class KeyFingerprint
{
    /// <summary>The first 16 bytes of the SHA-256 of a public key, as eight groups of four digits.</summary>
    /// <param name="publicKey">X.509 SubjectPublicKeyInfo.</param>
    public static string Of(ReadOnlySpan<byte> publicKey)
    {
        var digits = Convert.ToHexStringLower(SHA256.HashData(publicKey).AsSpan(0, 16));
        return string.Join(':', digits.Chunk(4).Select(group => new string(group)));
    }
}
