using System.Text.Json;
using Portal.Engine.Content;
using Portal.Engine.Images;

namespace Portal.Engine.Distribution.Signatures;

/// <summary>What is signed (containers-signature(5), "JSON data format", in sigstore's form): which digest, as which repository.</summary>
/// <param name="Digest">Of the manifest or index.</param>
/// <param name="Repository">Registry and repository in full; a tag in it is not looked at, see the README.</param>
internal sealed record SignaturePayload(Digest Digest, string Repository)
{
    /// <summary>The most bytes of a payload; real ones have some hundred.</summary>
    public const int MaxBytes = 64 * 1024;

    private const string Type = "cosign container image signature";
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>Reads one; null when it is none. To be called with bytes whose signature is good.</summary>
    public static SignaturePayload? Read(ReadOnlyMemory<byte> content)
    {
        try
        {
            using var document = JsonDocument.Parse(content, s_strict);
            return Read(document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text that is no valid UTF-16 once unescaped.
            return null;
        }
    }

    // Members that nobody knows may mean anything, so none are allowed where it is critical.
    private static SignaturePayload? Read(JsonElement root)
    {
        if (!HasOnly(root, "critical", "optional") || !root.TryGetProperty("critical", out var critical)
            || !HasOnly(critical, "type", "image", "identity") || Text(critical, "type") != Type
            || !critical.TryGetProperty("image", out var image) || !HasOnly(image, "docker-manifest-digest")
            || !critical.TryGetProperty("identity", out var identity) || !HasOnly(identity, "docker-reference")
            || (root.TryGetProperty("optional", out var optional) && optional.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)))
        {
            return null;
        }

        return Digest.TryParse(Text(image, "docker-manifest-digest"), out var digest)
            && ImageReference.TryParse(Text(identity, "docker-reference"), out var reference)
                ? new SignaturePayload(digest, SignedRepository.Of(reference)) : null;
    }

    private static bool HasOnly(JsonElement element, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                return false;
            }
        }

        return true;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
