using System.Text.Json;
using Portal.Engine.Archives;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Images.Saving;

/// <inheritdoc cref="IImageArchives"/>
internal sealed class ArchiveSaver(StoredImages images, ContentStore content, ContentLeases leases) : IImageArchives
{
    private const string NameAnnotation = "io.containerd.image.name";
    private const string TagAnnotation = "org.opencontainers.image.ref.name";
    private const int BufferSize = 256 * 1024;

    public async Task SaveAsync(IReadOnlyList<string> references, Stream output, CancellationToken cancellationToken = default)
    {
        if (references.Count == 0)
        {
            throw EngineException.InvalidArgument("No image to save was named.");
        }

        using var lease = leases.Begin();
        var chosen = new List<SavedImage>();
        foreach (var group in references.SelectMany(images.Find).Distinct().GroupBy(pair => pair.Image.Id))
        {
            var image = await images.OpenAsync(group.First().Image, lease, cancellationToken).ConfigureAwait(false);
            chosen.Add(new SavedImage(image, [.. group.Select(pair => pair.Name).OfType<string>()]));
        }

        var tar = new TarOutput(output);
        await WriteBlobsAsync(tar, chosen, cancellationToken).ConfigureAwait(false);
        await tar.WriteFileAsync("index.json", MakeIndex(chosen), cancellationToken).ConfigureAwait(false);
        await tar.WriteFileAsync("manifest.json", MakeManifest(chosen), cancellationToken).ConfigureAwait(false);
        await tar.WriteFileAsync("oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(), cancellationToken).ConfigureAwait(false);
        await tar.FinishAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteBlobsAsync(TarOutput tar, List<SavedImage> chosen, CancellationToken cancellationToken)
    {
        await tar.BeginAsync(TarOutput.Folder("blobs"), cancellationToken).ConfigureAwait(false);
        await tar.BeginAsync(TarOutput.Folder("blobs/sha256"), cancellationToken).ConfigureAwait(false);
        var written = new HashSet<Digest>();
        foreach (var (image, _) in chosen)
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
            Manifests =
            [
                .. chosen.SelectMany(saved => saved.Names.Count == 0
                    ? [Describe(saved.Image, null)]
                    : saved.Names.Select(name => Describe(saved.Image, name))),
            ],
        };
        return JsonSerializer.SerializeToUtf8Bytes(index, FormatJson.Default.ManifestDocument);
    }

    private static Descriptor Describe(StoredImage image, string? name) => new()
    {
        MediaType = image.MediaType,
        Digest = image.Digest.ToString(),
        Size = image.Content.Length,
        Annotations = name is null
            ? null
            : new Dictionary<string, string> { [NameAnnotation] = name, [TagAnnotation] = ImageReference.Parse(name).Tag! },
    };

    private static byte[] MakeManifest(List<SavedImage> chosen)
    {
        IReadOnlyList<DockerArchiveEntry> entries =
        [
            .. chosen.Select(saved => new DockerArchiveEntry
            {
                Config = PathOf(saved.Image.Configuration.ParseDigest("a configuration")),
                RepoTags = saved.Names.Count == 0 ? null : [.. saved.Names.Select(name => ImageReference.Parse(name).Familiar)],
                Layers = [.. saved.Image.Layers.Select(layer => PathOf(layer.ParseDigest("a layer")))],
            }),
        ];
        return JsonSerializer.SerializeToUtf8Bytes(entries, FormatJson.Default.IReadOnlyListDockerArchiveEntry);
    }

    private static string PathOf(Digest digest) => $"blobs/sha256/{digest.Hex}";

    private sealed record SavedImage(StoredImage Image, IReadOnlyList<string> Names);
}
