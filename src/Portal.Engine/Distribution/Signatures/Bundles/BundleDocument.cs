using System.Text.Json;

namespace Portal.Engine.Distribution.Signatures.Bundles;

/// <summary>A sigstore bundle (sigstore, <c>sigstore_bundle.proto</c>), as far as a signature by a key needs it.</summary>
internal sealed record BundleDocument
{
    public string? MediaType { get; init; }

    public Material? VerificationMaterial { get; init; }

    public Message? MessageSignature { get; init; }

    public Envelope? DsseEnvelope { get; init; }

    /// <summary>By what it is to be verified. What logs and clocks say of it is not looked at.</summary>
    internal sealed record Material
    {
        public JsonElement? PublicKey { get; init; }

        public JsonElement? Certificate { get; init; }

        public JsonElement? X509CertificateChain { get; init; }
    }

    /// <summary>A signature of bytes that are elsewhere; here, of the manifest.</summary>
    internal sealed record Message
    {
        public string? Signature { get; init; }
    }

    /// <summary>Bytes with their signatures (DSSE, <c>envelope.md</c>).</summary>
    internal sealed record Envelope
    {
        public string? Payload { get; init; }

        public string? PayloadType { get; init; }

        public IReadOnlyList<EnvelopeSignature?>? Signatures { get; init; }
    }

    /// <summary>One signature of an envelope.</summary>
    internal sealed record EnvelopeSignature
    {
        public string? Sig { get; init; }
    }
}
