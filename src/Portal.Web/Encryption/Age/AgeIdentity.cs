using System.Security.Cryptography;

namespace Portal.Web.Encryption.Age;

/// <summary>A private key of age (<c>AGE-SECRET-KEY-1...</c>). No record, so that nothing prints it by accident.</summary>
internal sealed class AgeIdentity
{
    private const string Prefix = "age-secret-key-";
    private const int MostText = 16 * 1024;
    private readonly byte[] _secret;
    private readonly byte[] _key;

    private AgeIdentity(byte[] secret) => (_secret, _key) = (secret, X25519.PublicOf(secret));

    public AgeRecipient Recipient => AgeRecipient.Of(_key);

    public static AgeIdentity Make() => new(RandomNumberGenerator.GetBytes(X25519.Size));

    /// <summary>
    /// The first that is in a text: a line of its own, among comments, as <c>age-keygen</c> writes it. Null when there is none.
    /// </summary>
    public static AgeIdentity? Parse(string text)
    {
        var line = text.Length > MostText ? null : text.Split('\n').Select(line => line.Trim())
            .FirstOrDefault(line => line.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase));
        return line is not null && Bech32.Read(Prefix, line) is { Length: X25519.Size } secret ? new AgeIdentity(secret) : null;
    }

    /// <summary>As it is kept. Whoever has it can read what is encrypted for it.</summary>
    public string Reveal() => Bech32.Write(Prefix, _secret).ToUpperInvariant();

    /// <summary>The key of the file; null when it was wrapped for somebody else.</summary>
    public byte[]? Unwrap(AgeStanza stanza)
    {
        if (stanza is not { Arguments: [AgeRecipient.Type, var text], Body.Length: AgeHeader.FileKeySize + AgeHeader.TagSize }
            || AgeHeader.Decode(text) is not { Length: X25519.Size } share)
        {
            return null;
        }

        var wrapping = AgeRecipient.WrappingKey(X25519.Multiply(_secret, share), share, _key);
        var fileKey = new byte[AgeHeader.FileKeySize];
        try
        {
            using var cipher = new ChaCha20Poly1305(wrapping);
            cipher.Decrypt(
                new byte[AgeHeader.NonceSize], stanza.Body.AsSpan(0, AgeHeader.FileKeySize), stanza.Body.AsSpan(AgeHeader.FileKeySize),
                fileKey);
            return fileKey;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
