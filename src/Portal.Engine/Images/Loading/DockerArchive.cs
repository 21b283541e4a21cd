using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;

namespace Portal.Engine.Images.Loading;

/// <summary>Reads the <c>manifest.json</c> of what <c>docker save</c>, podman and skopeo write as a docker-archive.</summary>
internal sealed class DockerArchive(ArchiveFiles files)
{
    public async Task<IReadOnlyList<ArchivedImage>> DescribeAsync(CancellationToken cancellationToken)
    {
        var bytes = await files.ReadAsync("manifest.json", cancellationToken).ConfigureAwait(false);
        var entries = FormatJson.Parse(bytes, FormatJson.Default.IReadOnlyListDockerArchiveEntry, "The archive's manifest.json");
        return [.. entries.Select(Describe)];
    }

    private ArchivedImage Describe(DockerArchiveEntry? entry)
    {
        if (string.IsNullOrEmpty(entry?.Config) || entry.Layers is null || entry.Layers.Any(layer => layer is null))
        {
            throw EngineException.InvalidArgument("The archive's manifest.json is malformed: it names no configuration or no layers.");
        }

        // The name of a configuration tells its digest in most archives, but not in all: what it is, its content says.
        return new ArchivedImage(
            files.Use(entry.Config),
            [.. entry.Layers.Select(Use)],
            null,
            [.. (entry.RepoTags ?? []).Select(name => ImageReference.Parse(name).WithDefaultTag().ToString())]);
    }

    private Digest Use(string path)
    {
        const string BlobFolder = "blobs/sha256/";
        return path.StartsWith(BlobFolder, StringComparison.Ordinal)
            && Digest.TryParse($"sha256:{path[BlobFolder.Length..]}", out var digest)
            ? files.UseBlob(digest)
            : files.Use(path);
    }
}
