using System.Text.Json;
using Portal.Engine.Archives;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Events;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Images.Saving;

/// <inheritdoc cref="IImageArchives"/>
internal sealed class ArchiveSaver(
    StoredImages images, StoredLists lists, ContentStore content, ContentLeases leases, IEngineEvents? events = null) : IImageArchives
{
    private const string NameAnnotation = "io.containerd.image.name";
    private const string TagAnnotation = "org.opencontainers.image.ref.name";
    private const int BufferSize = 256 * 1024;

    public async Task SaveAsync(
        IReadOnlyList<string> references, Stream output, ImagePlatform? platform, CancellationToken cancellationToken = default)
    {
        if (references.Count == 0)
        {
            throw EngineException.InvalidArgument("No image to save was named.");
        }

        using var lease = leases.Begin();
        var chosen = new List<SavedImage>();
        var saved = new Dictionary<string, ImageRecord>();
        foreach (var (image, name) in references.SelectMany(images.Find).Distinct().GroupBy(pair => pair.Image.Id).SelectMany(WithNames))
        {
            var stored = await lists.OpenAsync(image, name, platform, LayerWish.AsTheyAre, lease, cancellationToken).ConfigureAwait(false);
            chosen.Add(new SavedImage(stored, name));
            saved[image.Id] = image;
        }

        var tar = new TarOutput(output);
        await WriteBlobsAsync(tar, chosen, cancellationToken).ConfigureAwait(false);
        await tar.WriteFileAsync("index.json", MakeIndex(chosen), cancellationToken).ConfigureAwait(false);
        await tar.WriteFileAsync("manifest.json", MakeManifest(chosen), cancellationToken).ConfigureAwait(false);
        await tar.WriteFileAsync("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(), cancellationToken).ConfigureAwait(false);
        await tar.FinishAsync(cancellationToken).ConfigureAwait(false);
        foreach (var image in saved.Values)
        {
            events?.PublishImage("save", image.Id, image.Id, image.Labels);
        }
    }

    // Who gives an image's name and its id means the name.
    private static IEnumerable<(ImageRecord Image, string? Name)> WithNames(IEnumerable<(ImageRecord Image, string? Name)> group)
    {
        var pairs = group.ToList();
        return pairs.Any(pair => pair.Name is not null) ? pairs.Where(pair => pair.Name is not null) : pairs;
    }

    private async Task WriteBlobsAsync(TarOutput tar, List<SavedImage> chosen, CancellationToken cancellationToken)
    {
        await tar.BeginAsync(TarOutput.Folder("blobs"), cancellationToken).ConfigureAwait(false);
        await tar.BeginAsync(TarOutput.Folder("blobs/sha256"), cancellationToken).ConfigureAwait(false);
        var written = new HashSet<Digest>();
        foreach (var image in chosen.SelectMany(saved => saved.Stored.Images))
        {
            foreach (var blob in image.Layers.Append(image.Configuration).Select(blob => blob.ParseDigest("a blob")))
            {
                if (written.Add(blob))
                {
                    await WriteBlobAsync(tar, blob, cancellationToken).ConfigureAwait(false);
                }
            }

            if (written.Add(image.Digest))
            {
                await tar.WriteFileAsync(PathOf(image.Digest), image.Content, cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (var list in chosen.Select(saved => saved.Stored.List).OfType<StoredList>())
        {
            if (written.Add(list.Digest))
            {
                await tar.WriteFileAsync(PathOf(list.Digest), list.Content, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteBlobAsync(TarOutput tar, Digest blob, CancellationToken cancellationToken)
    {
        var stream = content.OpenRead(blob);
        await using (stream.ConfigureAwait(false))
        {
            await tar.BeginAsync(TarOutput.File(PathOf(blob), stream.Length), cancellationToken).ConfigureAwait(false);
            var buffer = new byte[BufferSize];
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                await tar.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static byte[] MakeIndex(List<SavedImage> chosen)
    {
        var index = new ManifestDocument
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciIndex,
            Manifests = [.. chosen.Select(saved => Describe(saved.Stored, saved.Name))],
        };
        return JsonSerializer.SerializeToUtf8Bytes(index, FormatJson.Default.ManifestDocument);
    }

    private static Descriptor Describe(StoredName stored, string? name)
    {
        var (mediaType, digest, size) = stored.List is { } list
            ? (list.MediaType, list.Digest, list.Content.Length)
            : (stored.Images[0].MediaType, stored.Images[0].Digest, stored.Images[0].Content.Length);
        return new Descriptor
        {
            MediaType = mediaType,
            Digest = digest.ToString(),
            Size = size,
            Annotations = name is null
                ? null
                : new Dictionary<string, string> { [NameAnnotation] = name, [TagAnnotation] = ImageReference.Parse(name).Tag! },
        };
    }

    private static byte[] MakeManifest(List<SavedImage> chosen)
    {
        IReadOnlyList<DockerArchiveEntry> entries =
        [
            .. chosen.GroupBy(saved => saved.Stored.Images[0].Record.Id).Select(group => new DockerArchiveEntry
            {
                Config = PathOf(group.First().Stored.Images[0].Configuration.ParseDigest("a configuration")),
                RepoTags = NamesOf(group) is { Count: > 0 } names ? names : null,
                Layers = [.. group.First().Stored.Images[0].Layers.Select(layer => PathOf(layer.ParseDigest("a layer")))],
            }),
        ];
        return JsonSerializer.SerializeToUtf8Bytes(entries, FormatJson.Default.IReadOnlyListDockerArchiveEntry);
    }

    private static IReadOnlyList<string> NamesOf(IEnumerable<SavedImage> images) =>
        [.. images.Select(saved => saved.Name).OfType<string>().Select(name => ImageReference.Parse(name).Familiar)];

    private static string PathOf(Digest digest) => $"blobs/sha256/{digest.Hex}";

    private sealed record SavedImage(StoredName Stored, string? Name);
}
