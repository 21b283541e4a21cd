using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Images.Saving;

/// <summary>Finds images that are to leave this host, with all of their blobs.</summary>
internal sealed class StoredImages(ImageStore store, ContentStore content, LayerForms forms)
{
    /// <summary>The images that a reference means, each with the names to give it elsewhere, in full form.</summary>
    /// <exception cref="EngineException">NotFound.</exception>
    public IReadOnlyList<(ImageRecord Image, string? Name)> Find(string reference)
    {
        var index = store.Index;
        if (ImageReference.TryParse(reference, out var name) && name is { Tag: null, Digest: null })
        {
            var tags = index.Images.Values
                .SelectMany(image => image.Names.Select(full => (image, full)))
                .Where(pair => ImageReference.Parse(pair.full).Repository == name.Repository)
                .OrderBy(pair => pair.full, StringComparer.Ordinal)
                .Select(pair => (pair.image, (string?)pair.full))
                .ToList();
            if (tags.Count > 0)
            {
                return tags;
            }
        }

        var match = index.Find(reference)
            ?? throw EngineException.NotFound($"No such image: {reference}. 'images' lists those that are here.");
        return [(match.Image, match.Name)];
    }

    /// <summary>The image's manifest; all of its blobs are held by the lease from then on.</summary>
    /// <exception cref="EngineException">NotFound: content is gone.</exception>
    public async Task<StoredImage> OpenAsync(ImageRecord image, ContentLease lease, CancellationToken cancellationToken)
    {
        foreach (var blob in image.Blobs().Select(text => Digest.Parse(text, "a blob")))
        {
            lease.Hold(blob);
            if (!content.Has(blob))
            {
                throw EngineException.NotFound(
                    $"The image {image.Id[7..19]} is incomplete here: its content {blob} is gone. Pull or load it again.");
            }
        }

        image = await forms.EnsureAsync(image, lease, cancellationToken).ConfigureAwait(false);
        var what = $"The manifest of image {image.Id[7..19]}";
        var bytes = await content.ReadAsync(Digest.Parse(image.Manifest, what), FormatJson.MaxBytes, cancellationToken)
            .ConfigureAwait(false);
        var manifest = ManifestReader.ReadManifest(bytes, what);
        if (!manifest.Layers!.Select(layer => layer.Digest).SequenceEqual(image.Layers.Select(layer => layer.Blob)))
        {
            // The layers were here in another compression already: what the manifest names never came.
            return await ComposeAsync(image, cancellationToken).ConfigureAwait(false);
        }

        var isDocker = (manifest.MediaType ?? manifest.Config!.MediaType)?.Contains("docker", StringComparison.Ordinal) == true;
        return new StoredImage(image, bytes, manifest, isDocker ? MediaTypes.DockerManifest : MediaTypes.OciManifest);
    }

    private async Task<StoredImage> ComposeAsync(ImageRecord image, CancellationToken cancellationToken)
    {
        var id = Digest.Parse(image.Id, "an image");
        var layers = new List<Descriptor>(image.Layers.Count);
        foreach (var layer in image.Layers)
        {
            layers.Add(await BlobDescription.OfLayerAsync(content, Digest.Parse(layer.Blob, "a layer"), cancellationToken)
                .ConfigureAwait(false));
        }

        var (bytes, manifest) = BlobDescription.MakeManifest(id, content.SizeOf(id), layers);
        return new StoredImage(image, bytes, manifest, MediaTypes.OciManifest);
    }
}
