using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Testing.Images;

/// <summary>
/// Signatures as cosign 3 writes them (cosign, <c>BUNDLE_SPEC.md</c>): sigstore bundles, as artifacts that refer to the image, and as they should not
/// be. It knows nothing of the engine.
/// </summary>
public static class CosignBundle
{
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
    public const string PayloadType = "application/vnd.in-toto+json";
    public const string SignPredicate = "https://sigstore.dev/cosign/sign/v1";

    /// <summary>What is signed of an image.</summary>
    public static byte[] Statement(string digest, string predicate = SignPredicate) => Bytes(new JsonObject
    {
        ["_type"] = "https://in-toto.io/Statement/v1",
        ["subject"] = new JsonArray(new JsonObject
        {
            ["digest"] = new JsonObject { ["sha256"] = digest["sha256:".Length..] }, ["annotations"] = new JsonObject(),
        }),
        ["predicateType"] = predicate,
        ["predicate"] = new JsonObject(),
    });

    /// <summary>The bytes that the signature of an envelope is of.</summary>
    public static byte[] SignedBytes(byte[] payload, string type = PayloadType) =>
        [.. Encoding.ASCII.GetBytes($"DSSEv1 {type.Length} {type} {payload.Length} "), .. payload];

    /// <summary>A bundle with a signed statement.</summary>
    public static byte[] Envelope(CosignSigner signer, byte[] payload, string type = PayloadType) =>
        Bytes(Bundle("dsseEnvelope", EnvelopeOf(payload, signer.Sign(SignedBytes(payload, type)), type)));

    /// <summary>An envelope as it is.</summary>
    public static JsonObject EnvelopeOf(byte[] payload, string signature, string type = PayloadType) => new()
    {
        ["payload"] = Convert.ToBase64String(payload),
        ["payloadType"] = type,
        ["signatures"] = new JsonArray(new JsonObject { ["sig"] = signature }),
    };

    /// <summary>A bundle with a signature of the manifest's own bytes.</summary>
    public static byte[] Message(CosignSigner signer, byte[] manifest) => Bytes(Bundle("messageSignature", new JsonObject
    {
        ["messageDigest"] = new JsonObject
        {
            ["algorithm"] = "SHA2_256",
            ["digest"] = Convert.ToBase64String(Convert.FromHexString(TestImageBuilder.Digest(manifest)["sha256:".Length..])),
        },
        ["signature"] = signer.Sign(manifest),
    }));

    /// <summary>A bundle with whatever content.</summary>
    public static JsonObject Bundle(string kind, JsonNode content) => new()
    {
        ["mediaType"] = MediaType,
        ["verificationMaterial"] = new JsonObject { ["publicKey"] = new JsonObject { ["hint"] = "h162TZsIBy5Y8U9qYWcmpVAp5dKpXhR7gnz8sNfZjV4=" } },
        [kind] = content,
    };

    /// <summary>The manifest of an artifact that is a bundle and refers to an image.</summary>
    public static JsonObject Manifest(string subject, byte[] bundle) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
        ["artifactType"] = MediaType,
        ["config"] = CosignSigner.Descriptor("application/vnd.oci.empty.v1+json", "{}"u8.ToArray()),
        ["layers"] = new JsonArray(CosignSigner.Descriptor(MediaType, bundle)),
        ["subject"] = new JsonObject { ["mediaType"] = "application/vnd.oci.image.manifest.v1+json", ["digest"] = subject, ["size"] = 100 },
    };

    /// <summary>A list of what refers to an image.</summary>
    public static JsonObject List(params IEnumerable<JsonObject> manifests) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = "application/vnd.oci.image.index.v1+json",
        ["manifests"] = new JsonArray([.. manifests.Select(Entry)]),
    };

    /// <summary>How a list describes an artifact.</summary>
    public static JsonNode Entry(JsonObject manifest)
    {
        var entry = CosignSigner.Descriptor("application/vnd.oci.image.manifest.v1+json", Bytes(manifest));
        entry["artifactType"] = manifest["artifactType"]?.DeepClone();
        return entry;
    }

    /// <summary>Signs what a tag stands for now, and puts the bundle beside it, for registries that keep no lists of what refers to images.</summary>
    /// <returns>The digest that was signed.</returns>
    public static async Task<string> SignAsync(CosignSigner signer, string reference)
    {
        var digest = await CosignSigner.DigestAsync(reference);
        await AttachAsync(reference, digest, Envelope(signer, Statement(digest)));
        return digest;
    }

    /// <summary>Puts bundles beside an image, whatever they are; those that were there are listed no more.</summary>
    public static async Task AttachAsync(string reference, string digest, params byte[][] bundles)
    {
        var (address, _) = CosignSigner.Split(reference);
        await CosignSigner.UploadAsync(address, "{}"u8.ToArray());
        var manifests = bundles.Select(bundle => Manifest(digest, bundle)).ToList();
        foreach (var (bundle, manifest) in bundles.Zip(manifests))
        {
            await CosignSigner.UploadAsync(address, bundle);
            await CosignSigner.PutAsync(address, TestImageBuilder.Digest(Bytes(manifest)), Bytes(manifest));
        }

        await CosignSigner.PutAsync(address, digest.Replace(':', '-'), Bytes(List(manifests)), "index");
    }

    /// <summary>As it goes over the line.</summary>
    public static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node);
}
