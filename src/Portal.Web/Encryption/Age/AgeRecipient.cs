using System.Security.Cryptography;
using System.Text;

namespace Portal.Web.Encryption.Age;

/// <summary>A public key of age (<c>age1...</c>): what is encrypted for it only the owner of its identity can read.</summary>
internal sealed class AgeRecipient
{
    public const string Type = "X25519";
    private const string Prefix = "age";
    private readonly byte[] _key;

    private AgeRecipient(byte[] key) => _key = key;

    /// <summary>Null when it is none, to the last letter; keys of plugins and SSH keys are none either.</summary>
    public static AgeRecipient? Parse(string text) =>
        Bech32.Read(Prefix, text) is { Length: X25519.Size } key && text.StartsWith(Prefix, StringComparison.Ordinal)
            ? new AgeRecipient(key)
            : null;

    public static AgeRecipient Of(byte[] key) => new(key);

    public override string ToString() => Bech32.Write(Prefix, _key);

    /// <exception cref="AgeException">The key is one that nobody has honestly made.</exception>
    public AgeStanza Wrap(ReadOnlySpan<byte> fileKey)
    {
        var secret = RandomNumberGenerator.GetBytes(X25519.Size);
        var share = X25519.PublicOf(secret);
        var wrapping = WrappingKey(X25519.Multiply(secret, _key), share, _key);
        CryptographicOperations.ZeroMemory(secret);
        var body = new byte[fileKey.Length + AgeHeader.TagSize];
        using var cipher = new ChaCha20Poly1305(wrapping);
        cipher.Encrypt(new byte[AgeHeader.NonceSize], fileKey, body.AsSpan(0, fileKey.Length), body.AsSpan(fileKey.Length));
        return new AgeStanza([Type, AgeHeader.Encode(share)], body);
    }

    internal static byte[] WrappingKey(byte[] shared, byte[] share, byte[] recipient)
    {
        var isZero = CryptographicOperations.FixedTimeEquals(shared, new byte[X25519.Size]);
        return isZero
            ? throw new AgeException(N("The key is none that could protect anything."))
            : HKDF.DeriveKey(
                HashAlgorithmName.SHA256, shared, 32, [.. share, .. recipient], Encoding.ASCII.GetBytes("age-encryption.org/v1/X25519"));
    }
}
