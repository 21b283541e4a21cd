using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Portal.Contracts.Link;

/// <summary>
/// A join token as people carry it: <c>pjt_</c> and base64url of a version byte (1), the token's id (16 bytes, big-endian), its secret
/// (32 bytes) and, when the portal has a TLS endpoint, the SHA-256 of that endpoint's certificate (32 bytes).
/// </summary>
/// <remarks>Whoever holds the text can make a node with it: never log it. <see cref="ToString"/> gives the secret too.</remarks>
public sealed class JoinToken
{
    /// <summary>What every token begins with.</summary>
    public const string Prefix = "pjt_";

    /// <summary>Bytes of <see cref="Secret"/>.</summary>
    public const int SecretLength = 32;

    /// <summary>Bytes of <see cref="Fingerprint"/>.</summary>
    public const int FingerprintLength = 32;

    private const byte FormatVersion = 1;
    private const int IdEnd = 1 + 16;
    private const int SecretEnd = IdEnd + SecretLength;
    private const int PinnedLength = SecretEnd + FingerprintLength;

    /// <summary>Makes a token of its parts.</summary>
    /// <param name="id">The token's id.</param>
    /// <param name="secret">32 random bytes.</param>
    /// <param name="fingerprint">SHA-256 of the portal's certificate in DER form, or null when it has no TLS endpoint.</param>
    /// <exception cref="ArgumentException">A part does not have its length.</exception>
    public JoinToken(Guid id, ReadOnlyMemory<byte> secret, byte[]? fingerprint)
    {
        if (secret.Length != SecretLength || (fingerprint is not null && fingerprint.Length != FingerprintLength))
        {
            throw new ArgumentException($"A secret has {SecretLength} bytes, a fingerprint {FingerprintLength}.");
        }

        Id = id;
        Secret = secret;
        Fingerprint = fingerprint;
    }

    /// <summary>Under which the portal keeps the token.</summary>
    public Guid Id { get; }

    /// <summary>What proves its holder.</summary>
    public ReadOnlyMemory<byte> Secret { get; }

    /// <summary>The certificate to pin; null for a portal that is reached over loopback without TLS.</summary>
    public byte[]? Fingerprint { get; }

    /// <summary>Reads a token strictly: exactly one text stands for a token.</summary>
    /// <param name="text">What somebody entered.</param>
    /// <param name="token">The token, when it is one.</param>
    /// <returns>False when the text is no token.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out JoinToken? token)
    {
        token = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || text.Length > 256)
        {
            return false;
        }

        var bytes = new byte[PinnedLength + 1];
        if (Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length), bytes, out _, out var length) != OperationStatus.Done
            || length is not (SecretEnd or PinnedLength)
            || bytes[0] != FormatVersion)
        {
            return false;
        }

        var fingerprint = length == PinnedLength ? bytes[SecretEnd..PinnedLength] : null;
        var parsed = new JoinToken(new Guid(bytes.AsSpan(1, 16), bigEndian: true), bytes[IdEnd..SecretEnd], fingerprint);
        if (parsed.ToString() != text)
        {
            return false;
        }

        token = parsed;
        return true;
    }

    /// <summary>The text form, secret included.</summary>
    public override string ToString()
    {
        var bytes = new byte[Fingerprint is null ? SecretEnd : PinnedLength];
        bytes[0] = FormatVersion;
        Id.TryWriteBytes(bytes.AsSpan(1), bigEndian: true, out _);
        Secret.CopyTo(bytes.AsMemory(IdEnd));
        Fingerprint?.CopyTo(bytes, SecretEnd);
        return Prefix + Base64Url.EncodeToString(bytes);
    }
}
