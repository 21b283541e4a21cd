using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Images;

namespace Portal.Agent.Tests.Fakes;

/// <summary>Signatures as a test says that they are, of any image of a repository.</summary>
public sealed class FakeSignatures : IImageSignatures
{
    /// <summary>By repository, the fingerprint of the key that signed its images.</summary>
    public Dictionary<string, string> SignedBy { get; } = [];

    public Task<SignatureReport> CheckAsync(
        string reference, RegistryCredentials? credentials, ImagePlatform? platform, WantedSignatures wanted,
        CancellationToken cancellationToken = default) =>
        CheckStoredAsync("", ImageReference.Parse(reference).Repository, wanted, cancellationToken);

    public Task<SignatureReport> CheckStoredAsync(
        string id, string repository, WantedSignatures wanted, CancellationToken cancellationToken = default)
    {
        var isGood = SignedBy.TryGetValue(repository, out var signer) && wanted.Keys.Any(key => key.Fingerprint == signer);
        return Task.FromResult(isGood
            ? new SignatureReport([new VerifiedSignature(repository, "sha256:" + new string('d', 64), signer!)], "")
            : new SignatureReport([], "there is no signature of it in the registry"));
    }
}
