using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Content;
using Portal.Engine.Events;
using Portal.Engine.Images.Store;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Images.Space;

/// <inheritdoc cref="IImageSpace"/>
internal sealed class ImageSpace(
    ImageStore store, ContentStore content, ISnapshotter snapshotter, ILayerMaintenance layers, ImageRemover remover,
    IImageCollector collector, IImages images, ContentLeases leases, IServiceProvider services) : IImageSpace
{
    public ImageSpaceUsage Measure()
    {
        var all = store.Index.Images.Values.ToList();
        var users = all
            .SelectMany(image => image.Layers.Select(layer => layer.ChainId).Distinct())
            .CountBy(chainId => chainId)
            .ToDictionary();
        return new ImageSpaceUsage(
            users.Keys.Sum(SizeOf),
            all.ToDictionary(
                image => image.Id,
                image => image.Layers.Select(layer => layer.ChainId).Where(chainId => users[chainId] > 1).Sum(SizeOf)));
    }

    public async Task<PrunePreview> PreviewAsync(
        Func<ImageSummary, bool> selects, CancellationToken cancellationToken = default)
    {
        // Containers that are still being made count as users too.
        var all = await images.ListAsync(cancellationToken).ConfigureAwait(false);
        List<ImageSummary> chosen = [.. all.Where(image => image.Containers == 0).Where(selects)];
        var left = store.Index;
        var users = services.GetService<IImageUsers>();
        foreach (var image in chosen.Where(image => left.Images.ContainsKey(image.Id)))
        {
            left = left.Remove(image.Id, variant => users?.FindUsers(variant.Id).Count > 0, []);
        }

        var held = leases.Held();
        var layerBytes = layers.FindUnneededLayers(held.Concat(left.ChainIds).ToHashSet()).Sum(SizeOf);
        var blobBytes = content.List()
            .Select(blob => blob.Digest)
            .Where(blob => !held.Contains(blob.ToString()) && !left.NeedsBlob(blob))
            .Sum(BlobSizeOf);
        return new PrunePreview(chosen, layerBytes + blobBytes);
    }

    public async Task<ImagesPruned> PruneAsync(Func<ImageSummary, bool> selects, CancellationToken cancellationToken = default)
    {
        var before = Total();
        var removed = new List<ImageRemoval>();
        foreach (var image in (await images.ListAsync(cancellationToken).ConfigureAwait(false)).Where(selects))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await remover.RemoveUnusedAsync(image.Id, cancellationToken).ConfigureAwait(false) is { } removal)
            {
                removed.Add(removal);
            }
        }

        await collector.CollectAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);

        // Who prunes wants the space, and now.
        await layers.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
        await content.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);

        // A pull that goes on meanwhile may have brought more than went.
        var freed = Math.Max(0, before - Total());
        services.GetService<IEngineEvents>()?.PublishPrune(EngineEventType.Image, freed);
        return new ImagesPruned(removed, freed);
    }

    private long Total() => layers.ListLayers().Sum(SizeOf) + content.List().Sum(blob => BlobSizeOf(blob.Digest));

    // Others may remove what was listed a moment ago: then it takes no space.
    private long SizeOf(string chainId) => snapshotter.HasLayer(chainId) ? snapshotter.GetLayerSize(chainId) : 0;

    private long BlobSizeOf(Digest blob) => content.Has(blob) ? content.SizeOf(blob) : 0;
}
