using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Portal.Engine.Distribution.Signatures.Bundles;

/// <summary>A signature in a sigstore bundle, not verified yet.</summary>
/// <param name="Payload">What was signed in an envelope: a statement; null when it was the manifest itself.</param>
/// <param name="Signature">The signature.</param>
internal sealed record SigstoreBundle(byte[]? Payload, byte[] Signature)
{
    /// <summary>The type of bundles, and of artifacts and layers that are one.</summary>
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

    /// <summary>The most bytes of a bundle. Those of signatures have some thousand, with entries of a log some ten thousand.</summary>
    public const int MaxBytes = 256 * 1024;

    private const int MaxSignature = 4096;

    /// <summary>Reads a bundle; nothing of it has been verified.</summary>
    /// <returns>The bundle, or why it is none that a key can verify, as a clause for the user.</returns>
    public static (SigstoreBundle? Bundle, string? Problem) Read(ReadOnlySpan<byte> content)
    {
        BundleDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(content, BundleJson.Default.BundleDocument);
        }
        catch (JsonException)
        {
            document = null;
        }

        if (document is null)
        {
            return (null, "there is a bundle that is malformed");
        }

        if (document.MediaType != MediaType)
        {
            return (null, "there is a bundle of a version that is not known");
        }

        if (document.VerificationMaterial is { Certificate: not null } or { X509CertificateChain: not null })
        {
            return (null, "there is one without a key, by a certificate (keyless), which no policy trusts");
        }

        var bundle = (document.DsseEnvelope, document.MessageSignature) switch
        {
            ({ } envelope, null) => Read(envelope),
            (null, { } message) => Decode(message.Signature, MaxSignature) is { } signature ? new SigstoreBundle(null, signature) : null,
            _ => null,
        };
        return bundle is null ? (null, "there is a bundle that is malformed, or has not exactly one signature") : (bundle, null);
    }

    /// <summary>The bytes that were signed.</summary>
    /// <param name="manifest">The manifest, which some bundles are about as it is.</param>
    public byte[] Signed(ReadOnlySpan<byte> manifest)
    {
        if (Payload is null)
        {
            return manifest.ToArray();
        }

        // DSSE, "Signature Definition": lengths and type come first, so that no other bytes ever mean the same.
        var head = $"DSSEv1 {SignStatement.PayloadType.Length} {SignStatement.PayloadType} {Payload.Length} ";
        return [.. Encoding.ASCII.GetBytes(head), .. Payload];
    }

    // The specification of bundles allows one signature in an envelope, though envelopes have a list of them.
    private static SigstoreBundle? Read(BundleDocument.Envelope envelope) =>
        envelope is { PayloadType: SignStatement.PayloadType, Signatures: [{ } only] }
        && Decode(envelope.Payload, MaxBytes) is { } payload && Decode(only.Sig, MaxSignature) is { } signature
            ? new SigstoreBundle(payload, signature) : null;

    private static byte[]? Decode(string? text, int most)
    {
        if (text is not { Length: > 0 } || text.Length > Base64.GetMaxEncodedToUtf8Length(most))
        {
            return null;
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
