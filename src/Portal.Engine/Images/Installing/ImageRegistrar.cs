using Portal.Engine.Content;
using Portal.Engine.Distribution.Signatures;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Store;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Images.Installing;

/// <summary>The last step of every pull, load and creation: makes an image visible once all of it is on the disk.</summary>
internal sealed class ImageRegistrar(
    ContentStore content, ImageStore store, UnneededBlobs unneeded, ISnapshotter snapshotter, ILayerMaintenance maintenance,
    IEngineEvents? events = null)
{
    /// <summary>Registers an image whose layers are unpacked and whose blobs are held by a lease of the caller.</summary>
    /// <param name="configuration">Its configuration, which is in the content store.</param>
    /// <param name="manifest">The digest of its manifest, which is in the content store.</param>
    /// <param name="name">The name in full form, or null.</param>
    /// <param name="repositoryDigest">The repository digest in full form, or null.</param>
    /// <param name="list">The digest of the index that the name stands for and that is in the content store; null when there is none.</param>
    /// <param name="action">Docker's word for the event.</param>
    /// <param name="cancellationToken">Checked before the image becomes visible.</param>
    /// <param name="signatures">What was verified of it.</param>
    public async Task<ImageDetails> RegisterAsync(
        ImageConfiguration configuration, Digest manifest, string? name, string? repositoryDigest, Digest? list, string action,
        CancellationToken cancellationToken, IReadOnlyList<VerifiedSignature>? signatures = null)
    {
        var layers = configuration.DiffIds.Zip(configuration.ChainIds, MakeLayer).ToList();
        if (layers.Count > 0)
        {
            await maintenance.FlushAsync([layers[^1].ChainId], cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var record = new ImageRecord
        {
            Id = configuration.Id.ToString(),
            Manifest = manifest.ToString(),
            Layers = layers,
            Platform = configuration.Platform,
            Created = configuration.Created,
            Labels = configuration.Labels,
            Size = layers.Sum(layer => snapshotter.GetLayerSize(layer.ChainId)),
            Signatures = signatures ?? [],
        };
        var before = store.Index.Images.GetValueOrDefault(record.Id);
        var index = store.Update(index => index.With(record, name, repositoryDigest, list?.ToString()));

        // It may have been here with another manifest, or its layers in another form.
        unneeded.Remove(before?.Blobs() ?? [], index.Images[record.Id].Blobs());
        Tell(action, record, name is null ? null : ImageReference.Parse(name));
        return Describe(index.Images[record.Id], configuration);
    }

    // As Docker tells it: a pull is of a name, what is built gets one, and what is imported gets one before.
    private void Tell(string action, ImageRecord image, ImageReference? name)
    {
        if (action == "pull" && name is not null)
        {
            events?.PublishImage(action, name.Familiar, name.FamiliarRepository, image.Labels);
            return;
        }

        if (action is "import" or "tag" && name is not null)
        {
            events?.PublishImage("tag", image.Id, name.Familiar, image.Labels);
        }

        if (action != "tag")
        {
            events?.PublishImage(action, image.Id, action == "load" && name is not null ? name.Familiar : image.Id, image.Labels);
        }
    }

    public static ImageDetails Describe(ImageRecord record, ImageConfiguration configuration) =>
        configuration.Describe(Familiar(record.Names), Familiar(record.Digests), record.Size) with { Problem = record.Problem };

    public static IReadOnlyList<string> Familiar(IReadOnlyList<string> names) =>
        [.. names.Select(name => ImageReference.Parse(name).Familiar)];

    private LayerReference MakeLayer(Digest diffId, Digest chainId)
    {
        var blob = content.FindBlob(diffId)
            ?? throw new EngineException(EngineErrorKind.Internal, $"The content of layer {diffId} went away while it was installed.");
        return new LayerReference(diffId.ToString(), chainId.ToString(), blob.ToString());
    }
}
