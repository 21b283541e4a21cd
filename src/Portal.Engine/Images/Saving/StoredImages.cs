using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Images.Saving;

/// <summary>Finds images that are to leave this host, with all of their blobs.</summary>
internal sealed class StoredImages(
    ImageStore store, ContentStore content, ContentLeases leases, HeldImages held, UnneededBlobs unneeded, LayerForms forms)
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
    /// <param name="image">The image.</param>
    /// <param name="wish">In what form its layers are to leave.</param>
    /// <param name="lease">Holds what it consists of.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">NotFound: content is gone.</exception>
    public async Task<StoredImage> OpenAsync(
        ImageRecord image, LayerWish wish, ContentLease lease, CancellationToken cancellationToken)
    {
        StoredImage stored;
        using (var found = leases.Begin())
        {
            image = held.HoldWhole(image, found);
            stored = await ReadAsync(
                await forms.EnsureAsync(image, lease, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            if (wish.IsCompressed && (image.Digests.Count == 0 || stored.Digest.ToString() != image.Manifest))
            {
                stored = await ReadAsync(
                    await forms.CompressAsync(stored.Record, wish.OnReady, lease, cancellationToken).ConfigureAwait(false),
                    cancellationToken).ConfigureAwait(false);
            }

            foreach (var blob in stored.Record.Blobs())
            {
                lease.Hold(Digest.Parse(blob, "a blob"));
            }
        }

        unneeded.Remove(image.Blobs(), stored.Record.Blobs());
        return stored;
    }

    private async Task<StoredImage> ReadAsync(ImageRecord image, CancellationToken cancellationToken)
    {
        var what = $"The manifest of image {image.Id[7..19]}";
        var bytes = await content.ReadAsync(Digest.Parse(image.Manifest, what), FormatJson.MaxBytes, cancellationToken)
            .ConfigureAwait(false);
        var manifest = ManifestReader.ReadManifest(bytes, what);
        if (!manifest.Layers!.Select(layer => layer.Digest).SequenceEqual(image.Layers.Select(layer => layer.Blob)))
        {
            // The layers are here in another form: what the manifest names never came, or was replaced.
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
