using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Testing.Images;

/// <summary>
/// Signs images as cosign does (sigstore, <c>SIGNATURE_SPEC.md</c>), and as it should not be done. It knows nothing of the engine. Debian's podman and
/// skopeo are built without sigstore, and can't stand in for it.
/// </summary>
public sealed class CosignSigner : IDisposable
{
    public const string PayloadType = "application/vnd.dev.cosign.simplesigning.v1+json";
    private static readonly HttpClient s_http = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>PEM.</summary>
    public string PublicKey => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>What is signed of an image.</summary>
    /// <param name="reference">As <c>docker-reference</c> says.</param>
    /// <param name="digest">Of its manifest.</param>
    public static byte[] Payload(string reference, string digest) => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["critical"] = new JsonObject
        {
            ["identity"] = new JsonObject { ["docker-reference"] = reference },
            ["image"] = new JsonObject { ["docker-manifest-digest"] = digest },
            ["type"] = "cosign container image signature",
        },
        ["optional"] = null,
    });

    /// <summary>The digest that a tag stands for in a registry.</summary>
    /// <param name="reference"><c>host/repository:tag</c>.</param>
    public static async Task<string> DigestAsync(string reference)
    {
        var (address, tag) = Split(reference);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{address}/manifests/{tag}");
        foreach (var type in new[] { "oci.image.index.v1", "docker.distribution.manifest.list.v2", "oci.image.manifest.v1", "docker.distribution.manifest.v2" })
        {
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue($"application/vnd.{type}+json"));
        }

        using var response = await s_http.SendAsync(request);
        return TestImageBuilder.Digest(await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync());
    }

    /// <summary>The signature of bytes, in base64.</summary>
    public string Sign(byte[] payload) =>
        Convert.ToBase64String(_key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>Signs what a tag stands for now, and puts the signature beside it.</summary>
    /// <returns>The digest that was signed.</returns>
    public async Task<string> SignAsync(string reference)
    {
        var digest = await DigestAsync(reference);
        var payload = Payload(reference[..reference.LastIndexOf(':')], digest);
        await AttachAsync(reference, digest, new CosignLayer(payload, Sign(payload)));
        return digest;
    }

    /// <summary>Puts signatures beside an image, whatever they are; those that were there are gone then.</summary>
    /// <param name="reference">The image, of whose repository.</param>
    /// <param name="digest">Whose signatures they are said to be.</param>
    /// <param name="layers">The signatures.</param>
    public static async Task AttachAsync(string reference, string digest, params CosignLayer[] layers)
    {
        var (address, _) = Split(reference);
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = Descriptor("application/vnd.oci.image.config.v1+json", await UploadAsync(address, "{}"u8.ToArray())),
            ["layers"] = new JsonArray([.. await Task.WhenAll(layers.Select(layer => DescribeAsync(address, layer)))]),
        };
        await PutAsync(address, $"{digest.Replace(':', '-')}.sig", JsonSerializer.SerializeToUtf8Bytes(manifest));
    }

    public void Dispose() => _key.Dispose();

    private static async Task<JsonNode> DescribeAsync(string address, CosignLayer layer)
    {
        var descriptor = Descriptor(layer.MediaType, await UploadAsync(address, layer.Payload));
        if (layer.Signature is not null)
        {
            descriptor["annotations"] = new JsonObject { ["dev.cosignproject.cosign/signature"] = layer.Signature };
        }

        return descriptor;
    }

    internal static JsonObject Descriptor(string type, byte[] content) => new()
    {
        ["mediaType"] = type, ["digest"] = TestImageBuilder.Digest(content), ["size"] = content.Length,
    };

    internal static async Task PutAsync(string address, string target, byte[] manifest, string kind = "manifest")
    {
        using var content = new ByteArrayContent(manifest);
        content.Headers.ContentType = new MediaTypeHeaderValue($"application/vnd.oci.image.{kind}.v1+json");
        using var put = await s_http.PutAsync($"{address}/manifests/{target}", content);
        put.EnsureSuccessStatusCode();
    }

    internal static async Task<byte[]> UploadAsync(string address, byte[] content)
    {
        using var begun = await s_http.PostAsync($"{address}/blobs/uploads/", null);
        var location = begun.EnsureSuccessStatusCode().Headers.Location!.ToString();
        var separator = location.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var body = new ByteArrayContent(content);
        using var put = await s_http.PutAsync($"{location}{separator}digest={WebUtility.UrlEncode(TestImageBuilder.Digest(content))}", body);
        put.EnsureSuccessStatusCode();
        return content;
    }

    internal static (string Address, string Tag) Split(string reference)
    {
        var slash = reference.IndexOf('/', StringComparison.Ordinal);
        var colon = reference.LastIndexOf(':');
        return ($"http://{reference[..slash]}/v2/{reference[(slash + 1)..colon]}", reference[(colon + 1)..]);
    }
}
