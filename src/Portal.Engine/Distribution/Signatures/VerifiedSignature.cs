namespace Portal.Engine.Distribution.Signatures;

/// <summary>A signature of an image that was verified.</summary>
/// <param name="Repository">For which registry and repository, such as <c>docker.io/library/busybox</c>.</param>
/// <param name="Digest">What was signed: the image's manifest, or an index that names it.</param>
/// <param name="Key">The fingerprint of the key (<see cref="ISignatureKey.Fingerprint"/>).</param>
public sealed record VerifiedSignature(string Repository, string Digest, string Key);
