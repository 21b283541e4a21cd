using Portal.Contracts.Policies.Demands;
using Portal.Engine.Images;

namespace Portal.Agent.Policies.Engine;

/// <summary>Images, pulled only from where policies allow: also those that a build begins with.</summary>
internal sealed class PolicedImages(IImages inner, PolicyGate gate) : IImages
{
    public Task<IReadOnlyList<ImageSummary>> ListAsync(CancellationToken cancellationToken = default) =>
        inner.ListAsync(cancellationToken);

    public Task<ImageDetails> InspectAsync(string reference, CancellationToken cancellationToken = default) =>
        inner.InspectAsync(reference, cancellationToken);

    public Task<ImageDetails> InspectAsync(string reference, ImagePlatform? platform, CancellationToken cancellationToken = default) =>
        inner.InspectAsync(reference, platform, cancellationToken);

    public Task<ImageDetails> PullAsync(
        string reference,
        ImagePlatform? platform = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        gate.Check([.. PolicyDemands.Image(reference, "pull")]);
        return inner.PullAsync(reference, platform, progress, cancellationToken);
    }

    public Task<IReadOnlyList<LoadedImage>> LoadAsync(
        Stream archive, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default) =>
        inner.LoadAsync(archive, progress, cancellationToken);

    public Task<ImageDetails> CreateFromHostBusyboxAsync(CancellationToken cancellationToken = default) =>
        inner.CreateFromHostBusyboxAsync(cancellationToken);

    public Task TagAsync(string reference, string newName, CancellationToken cancellationToken = default) =>
        inner.TagAsync(reference, newName, cancellationToken);

    public Task<ImageRemoval> RemoveAsync(string reference, bool force = false, CancellationToken cancellationToken = default) =>
        inner.RemoveAsync(reference, force, cancellationToken);
}
