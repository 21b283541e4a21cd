using Portal.Engine.Distribution.Logins;
using Portal.Engine.Images;

namespace Portal.Engine.Distribution.Signatures;

/// <summary>
/// Signatures of images as cosign and podman write them (sigstore, <c>SIGNATURE_SPEC.md</c>): in the image's repository, under the tag
/// <c>sha256-DIGEST.sig</c>, a manifest with a layer for each signature. The layer is what was signed, its annotation the signature. And as cosign 3
/// writes them: sigstore bundles, artifacts that refer to the image.
/// </summary>
/// <remarks>Any thread. Credentials are used for the call alone.</remarks>
public interface IImageSignatures
{
    /// <summary>Looks at an image in its registry; nothing is pulled but manifests and signatures.</summary>
    /// <param name="reference">A name as users write it; <c>latest</c> by default.</param>
    /// <param name="credentials">Who asks, or null.</param>
    /// <param name="platform">Of an index, which image; the host's by default.</param>
    /// <param name="wanted">What is looked for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Errors.EngineException">As pulling gives them.</exception>
    Task<SignatureReport> CheckAsync(
        string reference, RegistryCredentials? credentials, ImagePlatform? platform, WantedSignatures wanted,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Looks at an image that is here: at what was verified when it was pulled, and then in the repository, for signatures of its manifest and of
    /// the indexes here that name it, and of what it was pushed there as. What is found is kept with the image.
    /// </summary>
    /// <param name="id">The image's id.</param>
    /// <param name="repository">As what it is used: registry and repository.</param>
    /// <param name="wanted">What is looked for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What was found. A registry that can't be asked is a problem in it.</returns>
    Task<SignatureReport> CheckStoredAsync(
        string id, string repository, WantedSignatures wanted, CancellationToken cancellationToken = default);
}
