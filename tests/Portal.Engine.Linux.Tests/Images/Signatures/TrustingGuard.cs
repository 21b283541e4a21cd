using System.Collections.Concurrent;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Tests.Images.Signatures;

/// <summary>Lets images through that one of some keys has signed.</summary>
internal sealed class TrustingGuard : IImageGuard
{
    public List<ISignatureKey> Keys { get; } = [];

    /// <summary>False: everything is let through, and nobody looks.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>What builds asked for.</summary>
    public ConcurrentQueue<UsedImage> Used { get; } = [];

    public WantedSignatures Wanted => new([.. Keys], keys => keys.Count > 0);

    public async Task<IReadOnlyList<VerifiedSignature>> CheckPullAsync(PulledImage image, CancellationToken cancellationToken)
    {
        if (!IsOn)
        {
            return [];
        }

        var report = await image.VerifyAsync(Wanted, cancellationToken);
        return report.Verified.Count > 0 ? report.Verified
            : throw new EngineException(EngineErrorKind.Forbidden, $"{image.Repository} {image.Digest}: {report.Problem}");
    }

    public Task CheckUseAsync(UsedImage image, CancellationToken cancellationToken)
    {
        Used.Enqueue(image);
        return IsOn ? Task.FromException(new EngineException(EngineErrorKind.Forbidden, "no signature")) : Task.CompletedTask;
    }
}
