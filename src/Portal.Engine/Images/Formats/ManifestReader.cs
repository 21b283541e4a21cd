using Portal.Engine.Errors;

namespace Portal.Engine.Images.Formats;

/// <summary>Reads manifests and indexes and refuses what is none.</summary>
internal static class ManifestReader
{
    private const int MaxLayers = 500;
    private const long MaxBlobBytes = 1L << 40;

    /// <summary>An image manifest with a configuration and layers that are all well described.</summary>
    public static ManifestDocument ReadManifest(ReadOnlySpan<byte> content, string what)
    {
        var manifest = Read(content, what);
        if (manifest.Config is null || manifest.Layers is null || manifest.Layers.Any(layer => layer is null))
        {
            throw EngineException.InvalidArgument($"{what} is no image manifest: it names no configuration or no layers.");
        }

        if (manifest.Layers.Count > MaxLayers)
        {
            throw EngineException.InvalidArgument($"{what} names {manifest.Layers.Count} layers; at most {MaxLayers} can be mounted.");
        }

        manifest.Config.Check($"the configuration in {what}", FormatJson.MaxBytes);
        foreach (var layer in manifest.Layers)
        {
            layer.Check($"a layer in {what}", MaxBlobBytes);
        }

        return manifest;
    }

    /// <summary>A manifest or an index, whichever it is by its members.</summary>
    public static ManifestDocument Read(ReadOnlySpan<byte> content, string what)
    {
        var document = FormatJson.Parse(content, FormatJson.Default.ManifestDocument, what);
        if (document.SchemaVersion == 1)
        {
            throw EngineException.InvalidArgument(
                $"{what} is in Docker's schema 1, which is obsolete. Ask for the image to be pushed again with a current tool.");
        }

        // The parser lets null stand where an object of a list should be.
        if (document.Manifests?.Any(entry => entry is null) == true)
        {
            throw EngineException.InvalidArgument($"{what} is malformed: an entry of its index is null.");
        }

        return document.SchemaVersion == 2
            ? document
            : throw EngineException.InvalidArgument($"{what} is no image manifest: its schema version is not 2.");
    }
}
