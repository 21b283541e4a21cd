using System.Text;
using System.Text.Json.Nodes;
using Portal.Engine.Content;
using Portal.Engine.Distribution.Signatures.Bundles;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Images.Signatures;

/// <summary>What is read of a bundle, and of what is signed in it.</summary>
public sealed class BundleFormatTests
{
    // Written by cosign 3 with a key, and published by whoever signed with it; openssl verifies it.
    private const string Real =
        """{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":"""
        + """{"hint":"h162TZsIBy5Y8U9qYWcmpVAp5dKpXhR7gnz8sNfZjV4="}},"dsseEnvelope":{"payload":"""
        + "\"eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCAic3ViamVjdCI6W3siZGlnZXN0Ijp7InNoYTI1NiI6IjUwOTliOD"
        + "lkNzY2NmNjMjE4NmNhZDc2OWRkYzI2MmRkYzdjMzM1YjMzZjVmZTc5ZjlmZmU1MGEwMTI4MmIyM2UifSwgImFubm90YXRpb25zIjp7fX1dLCAi"
        + "cHJlZGljYXRlVHlwZSI6Imh0dHBzOi8vc2lnc3RvcmUuZGV2L2Nvc2lnbi9zaWduL3YxIiwgInByZWRpY2F0ZSI6e319"
        + "\",\"payloadType\":\"application/vnd.in-toto+json\",\"signatures\":[{\"sig\":"
        + "\"MEUCIBs2jKDupMmrqsjzI3W2oiID2y0P7n4UKT/RZHFeUOuhAiEA4SWsNDZXQBFqaA1/npF+HOGAaG2iuA52mxgPFCpgQog=\"}]}}";

    private const string RealKey = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEoJmXprHRCRJdqHnRaPDkVssbQNO1
        is6XUr+/ApqnDi8HvBCRPbwU2P8jgkgtOOggNUf03tvJe0/9eZOb04aDbQ==
        -----END PUBLIC KEY-----
        """;

    private const string Signed = "sha256:5099b89d7666cc2186cad769ddc262ddc7c335b33f5fe79f9ffe50a01282b23e";
    private static readonly Digest s_digest = Digest.Parse(Signed, "a test");

    [Fact]
    public void Read_BundleOfCosign_IsVerifiedForItsImageAlone()
    {
        var (bundle, problem) = SigstoreBundle.Read(Encoding.UTF8.GetBytes(Real));

        Assert.Null(problem);
        var key = new PemKey(RealKey);
        Assert.True(key.Verifies(bundle!.Signed([]), bundle.Signature));
        Assert.Null(SignStatement.Problem(bundle.Payload, s_digest));
        Assert.Equal("there is one of another image", SignStatement.Problem(bundle.Payload, Digest.Of("x"u8)));
        for (var at = 0; at < bundle.Payload!.Length; at++)
        {
            bundle.Payload[at] ^= 1;
            Assert.False(key.Verifies(bundle.Signed([]), bundle.Signature));
            bundle.Payload[at] ^= 1;
        }

        // What is signed in an envelope is not its payload alone, nor the manifest.
        Assert.False(key.Verifies(bundle.Payload, bundle.Signature));
        Assert.False(key.Verifies((bundle with { Payload = null }).Signed(bundle.Payload), bundle.Signature));
    }

    [Fact]
    public void Read_BundlesThatProveNothing_AreRefusedWithWhy()
    {
        var envelope = Node("dsseEnvelope");
        (string Text, string Why)[] bad =
        [
            ("", "malformed"), ("null", "malformed"), ("[]", "malformed"), ("\"x\"", "malformed"), (Real[..^3], "malformed"),
            (new string('[', 5000), "malformed"),
            ("{}", "version that is not known"),
            (Real.Replace("v0.3+json", "v0.4+json", StringComparison.Ordinal), "version that is not known"),
            (Real.Replace("application/vnd.dev.sigstore.bundle.v0.3+json", "application/json", StringComparison.Ordinal), "version that is not known"),
            (Real.Replace("\"publicKey\":{\"hint\":", "\"certificate\":{\"rawBytes\":", StringComparison.Ordinal), "keyless"),
            (Real.Replace("\"publicKey\":{\"hint\":", "\"x509CertificateChain\":{\"certificates\":", StringComparison.Ordinal), "keyless"),
            (Real.Replace("application/vnd.in-toto+json", "text/plain", StringComparison.Ordinal), "exactly one"),
            (Real.Replace("\"payloadType\"", "\"payloadtype\"", StringComparison.Ordinal), "exactly one"),
            (Real.Replace("\"dsseEnvelope\"", "\"envelope\"", StringComparison.Ordinal), "exactly one"),
            (Real.Replace("[{\"sig\"", "[{\"sig\":\"AAAA\"},{\"sig\"", StringComparison.Ordinal), "exactly one"),
            (Real.Replace("[{\"sig\"", "[null,{\"sig\"", StringComparison.Ordinal), "exactly one"),
            (Real.Replace("[{\"sig\":\"ME", "[{\"sig\":\"!!", StringComparison.Ordinal), "exactly one"),
            (Real.Replace("{\"payload\":\"eyJ", "{\"payload\":\"e-_", StringComparison.Ordinal), "exactly one"),
            (Real.Replace("\"payload\":", "\"payload\":\"\",\"payload\":", StringComparison.Ordinal), "malformed"),
            (Real.Replace("\"dsseEnvelope\":", "\"dsseEnvelope\":{},\"dsseEnvelope\":", StringComparison.Ordinal), "malformed"),
            (Text(Node("dsseEnvelope", all => all["messageSignature"] = new JsonObject { ["signature"] = "AAAA" })), "exactly one"),
            (Text(CosignBundle.Bundle("messageSignature", new JsonObject())), "exactly one"),
            (Text(CosignBundle.Bundle("messageSignature", new JsonObject { ["signature"] = "" })), "exactly one"),
            (Text(CosignBundle.Bundle("messageSignature", new JsonObject { ["signature"] = new string('A', 8000) })), "exactly one"),
            (Text(CosignBundle.Bundle("messageSignature", 5)), "malformed"),
            (Text(Node("dsseEnvelope", all => all["dsseEnvelope"]!["signatures"] = new JsonArray())), "exactly one"),
        ];

        foreach (var (text, why) in bad)
        {
            var (bundle, problem) = SigstoreBundle.Read(Encoding.UTF8.GetBytes(text));
            Assert.True(bundle is null, text);
            Assert.Contains(why, problem, StringComparison.Ordinal);
        }

        Assert.Null(SigstoreBundle.Read(Encoding.UTF8.GetBytes(Text(envelope))).Problem);
    }

    [Theory]
    [InlineData("https://sigstore.dev/cosign/sign/v1", "https://slsa.dev/provenance/v1", "an attestation, which is no signature")]
    [InlineData("https://sigstore.dev/cosign/sign/v1", "https://cosign.sigstore.dev/attestation/v1", "an attestation, which is no signature")]
    [InlineData("https://sigstore.dev/cosign/sign/v1", "HTTPS://sigstore.dev/cosign/sign/v1", "an attestation, which is no signature")]
    [InlineData("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1", "malformed")]
    [InlineData("\"_type\"", "\"type\"", "malformed")]
    [InlineData("\"predicateType\"", "\"predicate_type\"", "malformed")]
    [InlineData("\"subject\":[", "\"subject\":[null,", "malformed")]
    [InlineData("\"subject\":[", "\"subject\":[{},", "malformed")]
    [InlineData("\"subject\":[", "\"subject\":[],\"subject\":[", "malformed")]
    [InlineData("\"subject\":[", "\"subject\":[],\"other\":[", "malformed")]
    [InlineData("\"sha256\":", "\"sha512\":", "another image")]
    [InlineData("\"sha256\":", "\"SHA256\":", "another image")]
    [InlineData("\"sha256\":\"", "\"sha256\":\"sha256:", "another image")]
    [InlineData("\"sha256\":", "\"sha256\":\"\",\"sha256\":", "malformed")]
    [InlineData("5099b89d", "5099B89D", "another image")]
    public void Problem_StatementsThatAreNoSignature_SayWhy(string old, string changed, string why)
    {
        var text = Encoding.UTF8.GetString(CosignBundle.Statement(Signed));
        Assert.Null(SignStatement.Problem(Encoding.UTF8.GetBytes(text), s_digest));
        Assert.Contains(old, text, StringComparison.Ordinal);

        var problem = SignStatement.Problem(Encoding.UTF8.GetBytes(text.Replace(old, changed, StringComparison.Ordinal)), s_digest);

        Assert.Contains(why, problem, StringComparison.Ordinal);
    }

    private static string Text(JsonNode node) => Encoding.UTF8.GetString(CosignBundle.Bytes(node));

    private static JsonNode Node(string part, Action<JsonNode>? change = null)
    {
        var all = JsonNode.Parse(Real)!;
        Assert.NotNull(all[part]);
        change?.Invoke(all);
        return all;
    }
}
