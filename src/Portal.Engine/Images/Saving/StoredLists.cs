using System.Text.Json;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Images.Saving;

/// <summary>
/// Finds all that a name stands for. An index leaves as it came while all of its images are here. With some of them, it leaves as an index of
/// those; with one, that image leaves alone, since nobody can use an index that names what is nowhere.
/// </summary>
internal sealed class StoredLists(ImageStore store, ContentStore content, StoredImages images)
{
    /// <summary>Opens what is found under a name; all of its blobs are held by the lease from then on.</summary>
    /// <param name="image">The image that bears the name.</param>
    /// <param name="name">The name in full form, or null.</param>
    /// <param name="platform">The platform to choose, or null for all that are here.</param>
    /// <param name="wish">In what form layers are to leave.</param>
    /// <param name="lease">Holds what is found.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">NotFound: content is gone, or there is nothing for the platform.</exception>
    public async Task<StoredName> OpenAsync(
        ImageRecord image, string? name, ImagePlatform? platform, LayerWish wish, ContentLease lease,
        CancellationToken cancellationToken)
    {
        var index = store.Index;
        if (platform is not null)
        {
            var chosen = await ChooseAsync(index, image, name, platform, cancellationToken).ConfigureAwait(false);
            return new StoredName([await images.OpenAsync(chosen, wish, lease, cancellationToken).ConfigureAwait(false)]);
        }

        var first = await images.OpenAsync(image, wish, lease, cancellationToken).ConfigureAwait(false);
        if (name is null || !index.Lists.TryGetValue(name, out var list))
        {
            return new StoredName([first]);
        }

        var digest = Digest.Parse(list, "an index");
        lease.Hold(digest);
        return await ReadAsync(digest, name, cancellationToken).ConfigureAwait(false) is { } read
            ? await OpenAsync(
                digest, read.Content, read.Index, first, index.PlatformsOf(name),
                wish with { IsCompressed = wish.IsCompressed && image.Digests.Count == 0 }, lease, cancellationToken).ConfigureAwait(false)
            : new StoredName([first], Original: digest);
    }

    private async Task<StoredName> OpenAsync(
        Digest digest, byte[] bytes, ManifestDocument index, StoredImage first, IReadOnlyList<ImageRecord> platforms, LayerWish wish,
        ContentLease lease, CancellationToken cancellationToken)
    {
        var entries = new List<(Descriptor Descriptor, StoredImage Image)>();
        foreach (var descriptor in index.Manifests!)
        {
            if (platforms.FirstOrDefault(record => record.Manifest == descriptor.Digest) is not { } record)
            {
                continue;
            }

            var image = record.Id == first.Record.Id
                ? first
                : await TryOpenAsync(record, wish, lease, cancellationToken).ConfigureAwait(false);
            if (image is not null)
            {
                entries.Add((descriptor, image));
            }
        }

        if (entries.All(entry => entry.Image != first) || (entries.Count == 1 && index.Manifests!.Count > 1))
        {
            return new StoredName([first], Original: digest);
        }

        var others = entries.Select(entry => entry.Image).Where(image => image != first);
        StoredImage[] all = [first, .. others.DistinctBy(image => image.Digest)];
        var isWhole = entries.Count == index.Manifests!.Count
            && entries.All(entry => entry.Descriptor.Digest == entry.Image.Digest.ToString());
        return isWhole
            ? new StoredName(all, new StoredList(bytes, index.MediaType ?? MediaTypes.OciIndex))
            : new StoredName(all, Compose(entries), entries.Count == index.Manifests!.Count ? null : digest);
    }

    private async Task<ImageRecord> ChooseAsync(
        ImageIndex index, ImageRecord image, string? name, ImagePlatform platform, CancellationToken cancellationToken)
    {
        if (index.Choose(new ImageMatch(image, name, null), platform) is { } chosen)
        {
            return chosen;
        }

        // Records of earlier engines don't tell the platform.
        var bytes = await content.ReadAsync(Digest.Parse(image.Id, "an image"), FormatJson.MaxBytes, cancellationToken)
            .ConfigureAwait(false);
        var actual = image.Platform ?? ImageConfiguration.Read(bytes).Platform;
        var others = name is null ? [] : index.PlatformsOf(name).Select(record => record.Platform).OfType<ImagePlatform>();
        return !PlatformChoice.IsOther(platform, actual)
            ? image
            : throw EngineException.NotFound(
                $"The image {(name is null ? image.Id[7..19] : ImageReference.Parse(name).Familiar)} is not here for {platform}, but for "
                + $"{string.Join(", ", others.Prepend(actual).Distinct())}. Pull it for that platform first.");
    }

    private async Task<StoredImage?> TryOpenAsync(
        ImageRecord record, LayerWish wish, ContentLease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await images.OpenAsync(record, wish, lease, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            // Not the image that was asked for: the others go without it.
            return null;
        }
    }

    /// <returns>Null when it is not here or is damaged: then a check tells of it.</returns>
    private async Task<(byte[] Content, ManifestDocument Index)?> ReadAsync(Digest digest, string name, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await content.ReadAsync(digest, FormatJson.MaxBytes, cancellationToken).ConfigureAwait(false);
            return Digest.Of(bytes) == digest && ManifestReader.Read(bytes, $"The index of '{name}'") is { Manifests: not null } index
                ? (bytes, index)
                : null;
        }
        catch (EngineException failure) when (failure.Kind is EngineErrorKind.NotFound or EngineErrorKind.InvalidArgument)
        {
            return null;
        }
    }

    private static StoredList Compose(IReadOnlyList<(Descriptor Descriptor, StoredImage Image)> entries)
    {
        var index = new ManifestDocument
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciIndex,
            Manifests =
            [
                .. entries.Select(entry => entry.Descriptor with
                {
                    MediaType = entry.Image.MediaType,
                    Digest = entry.Image.Digest.ToString(),
                    Size = entry.Image.Content.Length,
                }),
            ],
        };
        return new StoredList(JsonSerializer.SerializeToUtf8Bytes(index, FormatJson.Default.ManifestDocument), MediaTypes.OciIndex);
    }
}
