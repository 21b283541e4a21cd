using System.Security.Cryptography;
using Portal.Engine.Distribution.Signatures;

namespace Portal.Engine.Linux.Tests.Images.Signatures;

/// <summary>An ECDSA key that a test trusts.</summary>
internal sealed class PemKey(string text) : ISignatureKey
{
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(text)));

    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(text);
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
