namespace Portal.Testing.Images;

/// <summary>One signature, as a layer of the manifest that holds those of an image.</summary>
/// <param name="Payload">What was signed.</param>
/// <param name="Signature">In base64; null for none.</param>
/// <param name="MediaType">Of the layer.</param>
public sealed record CosignLayer(byte[] Payload, string? Signature, string MediaType = CosignSigner.PayloadType);
