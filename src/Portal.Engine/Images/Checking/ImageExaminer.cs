using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Store;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Images.Checking;

/// <summary>Looks whether an image has all that it names, and whether its parts name each other.</summary>
internal sealed class ImageExaminer(ContentStore content, ISnapshotter snapshotter)
{
    public async Task<ImageFindings> ExamineAsync(ImageRecord image, CancellationToken cancellationToken)
    {
        var configuration = await ReadConfigurationAsync(image, cancellationToken).ConfigureAwait(false);
        var places = Enumerable.Range(0, image.Layers.Count);
        return new ImageFindings
        {
            Configuration = configuration,
            HasManifest = await HasManifestAsync(image, cancellationToken).ConfigureAwait(false),
            WithoutBlob = [.. places.Where(place => !content.Has(Digest.Parse(image.Layers[place].Blob, "a layer")))],
            NotUnpacked = [.. places.Where(place => !snapshotter.HasLayer(image.Layers[place].ChainId))],
        };
    }

    private async Task<ImageConfiguration?> ReadConfigurationAsync(ImageRecord image, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(image.Id, cancellationToken).ConfigureAwait(false);
        try
        {
            var configuration = bytes is null ? null : ImageConfiguration.Read(bytes, image.Layers.Count);
            return configuration?.ChainIds.Select(id => id.ToString()).SequenceEqual(image.Layers.Select(layer => layer.ChainId)) == true
                ? configuration
                : null;
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.InvalidArgument)
        {
            return null;
        }
    }

    private async Task<bool> HasManifestAsync(ImageRecord image, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(image.Manifest, cancellationToken).ConfigureAwait(false);
        try
        {
            // Its layers may be other compressions of the same ones than those that are here: only their number must fit.
            return bytes is not null
                && ManifestReader.ReadManifest(bytes, "The manifest") is { } manifest
                && manifest.Config!.Digest == image.Id
                && manifest.Layers!.Count == image.Layers.Count;
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.InvalidArgument)
        {
            return false;
        }
    }

    /// <returns>Null when it is not here, or not what its name says.</returns>
    private async Task<byte[]?> ReadAsync(string text, CancellationToken cancellationToken)
    {
        var digest = Digest.Parse(text, "a blob");
        try
        {
            var bytes = await content.ReadAsync(digest, FormatJson.MaxBytes, cancellationToken).ConfigureAwait(false);
            return Digest.Of(bytes) == digest ? bytes : null;
        }
        catch (Exception failure) when (failure is EngineException or IOException)
        {
            return null;
        }
    }
}
