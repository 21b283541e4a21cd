using System.Text.Json;
using Portal.Engine.Content;

namespace Portal.Engine.Distribution.Signatures.Bundles;

/// <summary>What cosign signs of an image in a bundle: an in-toto statement that says nothing but which digest it is about.</summary>
internal static class SignStatement
{
    /// <summary>Of envelopes that hold a statement.</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    /// <summary>Of a signature. With any other the statement attests something, be it that the image has failed its tests.</summary>
    public const string Predicate = "https://sigstore.dev/cosign/sign/v1";

    private const string Type = "https://in-toto.io/Statement/v1";

    /// <summary>Why a payload is no signature of a digest; null when it is one. To be called with bytes whose signature is good.</summary>
    public static string? Problem(ReadOnlySpan<byte> payload, Digest digest)
    {
        StatementDocument? statement;
        try
        {
            statement = JsonSerializer.Deserialize(payload, BundleJson.Default.StatementDocument);
        }
        catch (JsonException)
        {
            statement = null;
        }

        if (statement is not { Type: Type, PredicateType: { } predicate, Subject: { Count: > 0 } subjects }
            || subjects.Any(one => one?.Digest is null))
        {
            return "there is one whose content is malformed";
        }

        return predicate != Predicate ? "there is an attestation, which is no signature"
            : subjects.Any(one => one!.Digest!.GetValueOrDefault("sha256") == digest.Hex) ? null : "there is one of another image";
    }
}
