using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Images.Loading;

/// <summary>Reads the <c>index.json</c> of an OCI image layout (image-spec, <c>image-layout.md</c>).</summary>
internal sealed class OciArchive(ArchiveFiles files)
{
    private const string TagAnnotation = "org.opencontainers.image.ref.name";
    private const string NameAnnotation = "io.containerd.image.name";
    private const int MaxDepth = 3;

    // All layers of all of them are unpacked.
    private const int MaxPlatforms = 32;
    private const int MaxImages = 1000;

    public async Task<IReadOnlyList<ArchivedImage>> DescribeAsync(CancellationToken cancellationToken) =>
        await DescribeAsync(_ => true, cancellationToken).ConfigureAwait(false);

    /// <summary>Only what a docker-archive can't tell: names that stand for images of several platforms.</summary>
    public async Task<IReadOnlyList<ArchivedImage>> DescribeListsAsync(CancellationToken cancellationToken) =>
        await DescribeAsync(
            descriptor => MediaTypes.IsIndex(descriptor.MediaType) && GetNames(descriptor).Count > 0, cancellationToken)
                .ConfigureAwait(false);

    private async Task<List<ArchivedImage>> DescribeAsync(Func<Descriptor, bool> selects, CancellationToken cancellationToken)
    {
        var bytes = await files.ReadAsync("index.json", cancellationToken).ConfigureAwait(false);
        var index = ManifestReader.Read(bytes, "The archive's index.json");
        var images = new List<ArchivedImage>();
        foreach (var descriptor in (index.Manifests ?? []).Where(selects))
        {
            images.AddRange(await DescribeAsync(descriptor, GetNames(descriptor), 0, cancellationToken).ConfigureAwait(false));
            if (images.Count > MaxImages)
            {
                throw EngineException.InvalidArgument(
                    $"The archive's index.json names over {MaxImages} images, the most that are loaded at once.");
            }
        }

        return images;
    }

    private async Task<IReadOnlyList<ArchivedImage>> DescribeAsync(
        Descriptor descriptor, IReadOnlyList<string> names, int depth, CancellationToken cancellationToken)
    {
        var what = $"The manifest {descriptor.Digest} in the archive";
        var digest = files.UseBlob(descriptor.Check(what, FormatJson.MaxBytes).ParseDigest(what));
        var bytes = await files.ReadAsync(PathOf(digest), cancellationToken).ConfigureAwait(false);
        if (depth < MaxDepth && ManifestReader.Read(bytes, what) is { Manifests: not null } index)
        {
            var platforms = depth == 0 && names.Count > 0
                ? await DescribePlatformsAsync(index, digest, names, what, cancellationToken).ConfigureAwait(false)
                : [];
            var chosen = platforms.Count > 0 ? null : PlatformChoice.Choose(index, PlatformChoice.Host, what);
            return chosen is null ? platforms : await DescribeAsync(chosen, names, depth + 1, cancellationToken).ConfigureAwait(false);
        }

        var manifest = ManifestReader.ReadManifest(bytes, what);
        return
        [
            new ArchivedImage(
                files.UseBlob(manifest.Config!.ParseDigest(what)),
                [.. manifest.Layers!.Select(layer => files.UseBlob(layer.ParseDigest(what)))],
                digest,
                names),
        ];
    }

    /// <summary>The images of an index that are wholly in the archive: who writes one need not put all of them in.</summary>
    private async Task<IReadOnlyList<ArchivedImage>> DescribePlatformsAsync(
        ManifestDocument index, Digest list, IReadOnlyList<string> names, string what, CancellationToken cancellationToken)
    {
        var images = new List<ArchivedImage>();
        foreach (var entry in index.Manifests!.Where(entry => entry.Platform is { Os: not "unknown" }).DistinctBy(entry => entry.Digest))
        {
            var digest = entry.Check($"an entry of {what}", FormatJson.MaxBytes).ParseDigest(what);
            if (!files.Has(PathOf(digest)))
            {
                continue;
            }

            var bytes = await files.ReadAsync(PathOf(digest), cancellationToken).ConfigureAwait(false);
            var manifest = ManifestReader.Read(bytes, $"The manifest {digest} in the archive");
            if (manifest is { Manifests: null, Config: not null, Layers: not null }
                && manifest.Layers.Append(manifest.Config).All(blob => files.Has(PathOf(blob.ParseDigest(what)))))
            {
                var described = await DescribeAsync(entry, names, MaxDepth, cancellationToken).ConfigureAwait(false);
                images.AddRange(described.Select(image => image with { List = list }));
            }

            if (images.Count > MaxPlatforms)
            {
                throw EngineException.InvalidArgument(
                    $"{what} holds over {MaxPlatforms} platforms, the most that are loaded of one image.");
            }
        }

        return images;
    }

    private static string PathOf(Digest digest) => $"blobs/sha256/{digest.Hex}";

    private static IReadOnlyList<string> GetNames(Descriptor descriptor)
    {
        var annotations = descriptor.Annotations;
        var name = annotations?.GetValueOrDefault(NameAnnotation) ?? annotations?.GetValueOrDefault(TagAnnotation);

        // The annotation holds a whole name or, by the book, a tag alone, which names no image.
        return name is not null && name.AsSpan().ContainsAny('/', ':')
            ? [ImageReference.Parse(name).WithDefaultTag().ToString()]
            : [];
    }
}
