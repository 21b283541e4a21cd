using Portal.Engine.Content;
using Portal.Engine.Images.Store;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Images;

/// <inheritdoc cref="IImageCollector"/>
internal sealed class ImageCollector(
    ImageStore store, ContentStore content, ContentLeases leases, UnneededBlobs unneeded, ILayerMaintenance layers,
    TimeProvider time) : IImageCollector
{
    public async Task<long> CollectAsync(TimeSpan minimumAge, CancellationToken cancellationToken = default)
    {
        var oldest = time.GetUtcNow().UtcDateTime - minimumAge;
        long freed = 0;
        foreach (var (digest, written) in content.List())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (written <= oldest)
            {
                var size = content.TrySizeOf(digest) ?? 0;
                freed += unneeded.TryRemove(digest) ? size : 0;
            }
        }

        content.CollectNotes();
        await leases.CollectLayersAsync(
            held =>
            {
                var recent = minimumAge > TimeSpan.Zero ? layers.ListLayersSince(oldest) : [];
                return layers.CollectLayersAsync(held.Concat(recent).Concat(store.Index.ChainIds).ToHashSet(), cancellationToken);
            },
            cancellationToken).ConfigureAwait(false);
        return freed;
    }
}
