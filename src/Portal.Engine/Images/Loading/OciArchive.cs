using Portal.Engine.Images.Formats;

namespace Portal.Engine.Images.Loading;

/// <summary>Reads the <c>index.json</c> of an OCI image layout (image-spec, <c>image-layout.md</c>).</summary>
internal sealed class OciArchive(ArchiveFiles files)
{
    private const string TagAnnotation = "org.opencontainers.image.ref.name";
    private const string NameAnnotation = "io.containerd.image.name";
    private const int MaxDepth = 3;

    public async Task<IReadOnlyList<ArchivedImage>> DescribeAsync(CancellationToken cancellationToken)
    {
        var bytes = await files.ReadAsync("index.json", cancellationToken).ConfigureAwait(false);
        var index = ManifestReader.Read(bytes, "The archive's index.json");
        var images = new List<ArchivedImage>();
        foreach (var descriptor in index.Manifests ?? [])
        {
            images.Add(await DescribeAsync(descriptor, GetNames(descriptor), 0, cancellationToken).ConfigureAwait(false));
        }

        return images;
    }

    private async Task<ArchivedImage> DescribeAsync(
        Descriptor descriptor, IReadOnlyList<string> names, int depth, CancellationToken cancellationToken)
    {
        var what = $"The manifest {descriptor.Digest} in the archive";
        var digest = files.UseBlob(descriptor.Check(what, FormatJson.MaxBytes).ParseDigest(what));
        var bytes = await files.ReadAsync($"blobs/sha256/{digest.Hex}", cancellationToken).ConfigureAwait(false);
        if (depth < MaxDepth && ManifestReader.Read(bytes, what) is { Manifests: not null } index)
        {
            var chosen = PlatformChoice.Choose(index, PlatformChoice.Host, what);
            return await DescribeAsync(chosen, names, depth + 1, cancellationToken).ConfigureAwait(false);
        }

        var manifest = ManifestReader.ReadManifest(bytes, what);
        return new ArchivedImage(
            files.UseBlob(manifest.Config!.ParseDigest(what)),
            [.. manifest.Layers!.Select(layer => files.UseBlob(layer.ParseDigest(what)))],
            digest,
            names);
    }

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
