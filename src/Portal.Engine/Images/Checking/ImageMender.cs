using Portal.Engine.Content;
using Portal.Engine.Distribution;
using Portal.Engine.Errors;
using Portal.Engine.Images.Committing;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Installing;
using Portal.Engine.Images.Store;
using Portal.Engine.Snapshots;
using Portal.Engine.Trees;

namespace Portal.Engine.Images.Checking;

/// <summary>
/// Gets back what an image lacks: from what is here first, then from the registries that it came from. Every step may fail; what counts
/// is what the examination after it finds.
/// </summary>
internal sealed class ImageMender(
    ContentStore content, ImageStore store, LayerInstaller installer, ILayerMaintenance maintenance, ImagePuller puller,
    ImageExaminer examiner, ISnapshotter snapshotter, ILayerTrees trees)
{
    /// <summary>Mends what can be mended. The caller's lease holds all that the image names.</summary>
    /// <returns>What is still wrong, and the last reason that was heard; null for an image that is gone.</returns>
    public async Task<(ImageFindings Findings, string? Reason)?> MendAsync(
        string id, ContentLease lease, CancellationToken cancellationToken)
    {
        string? reason = null;
        Func<ImageRecord, ImageFindings, Task>[] steps =
        [
            (image, findings) => UnpackAsync(image, findings, lease, cancellationToken),
            (image, findings) => FetchAsync(image, findings, cancellationToken),
            (image, findings) => RebuildAsync(image, findings, lease, cancellationToken),
            (image, findings) => UnpackAsync(image, findings, lease, cancellationToken),
            (image, findings) => ComposeManifestAsync(image, findings, lease, cancellationToken),
        ];
        foreach (var step in steps)
        {
            if (store.Index.Images.GetValueOrDefault(id) is not { } image)
            {
                return null;
            }

            var findings = await examiner.ExamineAsync(image, cancellationToken).ConfigureAwait(false);
            if (findings.IsSound)
            {
                break;
            }

            try
            {
                await step(image, findings).ConfigureAwait(false);
            }
            catch (EngineException failure)
            {
                reason = failure.Message;
            }
        }

        return store.Index.Images.GetValueOrDefault(id) is { } last
            ? (await examiner.ExamineAsync(last, cancellationToken).ConfigureAwait(false), reason)
            : null;
    }

    /// <summary>Takes another blob of the same layer where there is one, and unpacks layers again whose blobs are here.</summary>
    private async Task UnpackAsync(
        ImageRecord image, ImageFindings findings, ContentLease lease, CancellationToken cancellationToken)
    {
        var layers = image.Layers.ToArray();
        foreach (var place in findings.WithoutBlob)
        {
            if (content.FindBlob(Digest.Parse(layers[place].DiffId, "a layer")) is { } other)
            {
                lease.Hold(other);
                layers[place] = layers[place] with { Blob = other.ToString() };
            }
        }

        if (!layers.SequenceEqual(image.Layers))
        {
            store.Update(index => index.Change(image.Id, record => record with { Layers = layers }));
        }

        foreach (var place in findings.NotUnpacked.Where(place => content.Has(Digest.Parse(layers[place].Blob, "a layer"))))
        {
            var plan = new LayerPlan(
                Digest.Parse(layers[place].DiffId, "a layer"),
                Digest.Parse(layers[place].ChainId, "a layer"),
                place == 0 ? null : Digest.Parse(layers[place - 1].ChainId, "a layer"),
                new Descriptor());
            await installer.InstallAsync(plan, Digest.Parse(layers[place].Blob, "a layer"), _ => { }, cancellationToken)
                .ConfigureAwait(false);
        }

        if (findings.NotUnpacked.Count > 0)
        {
            await maintenance.FlushAsync([layers[^1].ChainId], cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task FetchAsync(ImageRecord image, ImageFindings findings, CancellationToken cancellationToken)
    {
        // What is here but is not what its name says would be taken for present.
        if (findings.Configuration is null)
        {
            content.Delete(Digest.Parse(image.Id, "an image"));
        }

        if (!findings.HasManifest)
        {
            content.Delete(Digest.Parse(image.Manifest, "a manifest"));
        }

        EngineException? last = null;
        foreach (var source in image.Digests)
        {
            try
            {
                var pulled = await puller.PullAsync(source, null, findings.Configuration?.Platform, null, cancellationToken)
                    .ConfigureAwait(false);
                if (pulled.Id == image.Id)
                {
                    return;
                }
            }
            catch (EngineException failure)
            {
                last = failure;
            }
        }

        throw last ?? EngineException.NotFound("No registry is known that it came from.");
    }

    /// <summary>
    /// Writes blobs again from their unpacked layers. It gives the same bytes for layers that this engine or one like it wrote; others
    /// stay lost.
    /// </summary>
    private async Task RebuildAsync(
        ImageRecord image, ImageFindings findings, ContentLease lease, CancellationToken cancellationToken)
    {
        foreach (var layer in findings.WithoutBlob.Select(place => image.Layers[place]).Where(layer => snapshotter.HasLayer(layer.ChainId)))
        {
            var diffId = Digest.Parse(layer.DiffId, "a layer");
            using var writer = content.BeginWrite();
            var output = new BlobOutput(writer);
            await using (output.ConfigureAwait(false))
            {
                await trees.WriteLayerAsync(layer.ChainId, output, cancellationToken).ConfigureAwait(false);
            }

            writer.Commit(diffId, lease.Hold);
            content.NoteDiffId(diffId, diffId);
        }

        // They are found by their notes.
        await UnpackAsync(image, findings, lease, cancellationToken).ConfigureAwait(false);
    }

    private async Task ComposeManifestAsync(
        ImageRecord image, ImageFindings findings, ContentLease lease, CancellationToken cancellationToken)
    {
        if (findings.HasManifest || findings.Configuration is null || findings.WithoutBlob.Count > 0)
        {
            return;
        }

        var layers = new List<Descriptor>(image.Layers.Count);
        foreach (var layer in image.Layers)
        {
            layers.Add(await BlobDescription.OfLayerAsync(content, Digest.Parse(layer.Blob, "a layer"), cancellationToken)
                .ConfigureAwait(false));
        }

        var id = findings.Configuration.Id;
        var (bytes, _) = BlobDescription.MakeManifest(id, content.SizeOf(id), layers);
        lease.Hold(Digest.Of(bytes));
        var manifest = await content.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        store.Update(index => index.Change(image.Id, record => record with { Manifest = manifest.ToString() }));
    }
}
