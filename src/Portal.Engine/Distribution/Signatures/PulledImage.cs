namespace Portal.Engine.Distribution.Signatures;

/// <summary>An image that is about to be pulled: its manifest is known, and nothing of it is kept yet.</summary>
/// <remarks>One for each pull; what it asks of the registry goes with that pull's credentials.</remarks>
public sealed class PulledImage
{
    private readonly Func<WantedSignatures, CancellationToken, Task<SignatureReport>> _verify;

    internal PulledImage(
        string repository, string digest, Func<WantedSignatures, CancellationToken, Task<SignatureReport>> verify)
    {
        _verify = verify;
        Repository = repository;
        Digest = digest;
    }

    /// <summary>Registry and repository, such as <c>docker.io/library/busybox</c>.</summary>
    public string Repository { get; }

    /// <summary>Of what the name stands for: the image's manifest, or the index above it.</summary>
    public string Digest { get; }

    /// <summary>Looks for signatures of what is pulled, of the index or of the manifest, where the image comes from.</summary>
    /// <exception cref="Errors.EngineException">Unavailable: the registry could not be asked.</exception>
    public Task<SignatureReport> VerifyAsync(WantedSignatures wanted, CancellationToken cancellationToken = default) =>
        _verify(wanted, cancellationToken);
}
