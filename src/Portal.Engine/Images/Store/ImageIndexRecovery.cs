using System.Collections.Immutable;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Images.Store;

/// <summary>
/// Makes an index anew where the file can't be read: of the entries that can be read in it, of the copy of the last start, and of the manifests
/// among the blobs. Names are in the first two alone; an image that only its manifest tells of comes back without one.
/// </summary>
internal sealed class ImageIndexRecovery(ContentStore content, ISnapshotter snapshotter)
{
    /// <param name="broken">The file's bytes, as far as the disk gave them.</param>
    /// <param name="earlier">Those of its copy; empty without one.</param>
    public ImageIndex Recover(byte[] broken, byte[] earlier)
    {
        var index = ImageIndex.Empty;
        foreach (var (images, lists) in new[] { IndexDocument.Salvage(broken), IndexDocument.Salvage(earlier) })
        {
            foreach (var image in images.Where(image => !index.Images.ContainsKey(image.Id)))
            {
                index = Add(index, image);
            }

            index = lists.Aggregate(index, AddList);
        }

        foreach (var image in FindByManifests().Where(image => !index.Images.ContainsKey(image.Id)))
        {
            index = index.With(image, null, null);
        }

        return index;
    }

    private ImageIndex Add(ImageIndex index, ImageRecord image)
    {
        // Removed since, or lost: without the two nobody knows what it was.
        if (!content.Has(Digest.Parse(image.Id, "an image")) || !content.Has(Digest.Parse(image.Manifest, "a manifest")))
        {
            return index;
        }

        // What was read first is newer: a name that it gave stays there.
        var taken = index.Images.Values.SelectMany(other => other.Names).ToHashSet();
        var free = image with { Names = [.. image.Names.Where(name => !taken.Contains(name))] };
        return new ImageIndex(index.Images.SetItem(image.Id, Mark(free)), index.Lists);
    }

    private ImageIndex AddList(ImageIndex index, KeyValuePair<string, string> list)
    {
        var isKnown = index.Images.Values.Any(image => image.Names.Contains(list.Key));
        return isKnown && !index.Lists.ContainsKey(list.Key) && content.Has(Digest.Parse(list.Value, "an index"))
            ? new ImageIndex(index.Images, index.Lists.SetItem(list.Key, list.Value))
            : index;
    }

    private ImageRecord Mark(ImageRecord image)
    {
        var isWhole = image.Layers.All(layer => content.Has(Digest.Parse(layer.Blob, "a layer")) && snapshotter.HasLayer(layer.ChainId));
        return isWhole ? image : image with
        {
            Problem = "Parts of it were missing when the index of images was made anew. Check the store, and mend it.",
        };
    }

    private IEnumerable<ImageRecord> FindByManifests()
    {
        foreach (var digest in content.List().Select(blob => blob.Digest).OrderBy(digest => digest.Hex, StringComparer.Ordinal))
        {
            if (TryRead(digest) is { } image)
            {
                yield return image;
            }
        }
    }

    private ImageRecord? TryRead(Digest digest)
    {
        try
        {
            if (ReadSmall(digest) is not [(byte)'{', ..] bytes || Digest.Of(bytes) != digest)
            {
                return null;
            }

            var manifest = ManifestReader.ReadManifest(bytes, "A manifest");
            var id = manifest.Config!.ParseDigest("a configuration");
            var configuration = content.Has(id) && ReadSmall(id) is { } config
                ? ImageConfiguration.Read(config, manifest.Layers!.Count)
                : null;
            return configuration?.Id == id ? Describe(configuration, manifest, digest) : null;
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            // Most blobs are no manifests, and one that can't be read is none.
            return null;
        }
    }

    private ImageRecord? Describe(ImageConfiguration configuration, ManifestDocument manifest, Digest digest)
    {
        var layers = new List<LayerReference>();
        for (var place = 0; place < configuration.DiffIds.Count; place++)
        {
            var named = manifest.Layers![place].ParseDigest("a layer");
            if ((content.Has(named) ? named : content.FindBlob(configuration.DiffIds[place])) is not { } blob)
            {
                return null;
            }

            layers.Add(new LayerReference(
                configuration.DiffIds[place].ToString(), configuration.ChainIds[place].ToString(), blob.ToString()));
        }

        return Mark(new ImageRecord
        {
            Id = configuration.Id.ToString(),
            Manifest = digest.ToString(),
            Layers = layers,
            Platform = configuration.Platform,
            Created = configuration.Created,
            Labels = configuration.Labels,
            Size = layers.Where(layer => snapshotter.HasLayer(layer.ChainId)).Sum(layer => snapshotter.GetLayerSize(layer.ChainId)),
        });
    }

    private byte[]? ReadSmall(Digest digest)
    {
        using var stream = content.OpenRead(digest);
        if (stream.Length > FormatJson.MaxBytes || stream.Length == 0)
        {
            return null;
        }

        // The first byte tells most layers apart.
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes, 0, 1);
        if (bytes[0] != (byte)'{')
        {
            return null;
        }

        stream.ReadExactly(bytes, 1, bytes.Length - 1);
        return bytes;
    }
}
