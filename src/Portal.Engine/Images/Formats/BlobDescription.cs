using System.Text.Json;
using Portal.Engine.Content;

namespace Portal.Engine.Images.Formats;

/// <summary>Describes blobs of the content store, for images that have no manifest of their own.</summary>
internal static class BlobDescription
{
    /// <summary>A layer, with the media type that its first bytes tell.</summary>
    public static async Task<Descriptor> OfLayerAsync(ContentStore content, Digest blob, CancellationToken cancellationToken)
    {
        var stream = content.OpenRead(blob);
        await using (stream.ConfigureAwait(false))
        {
            var head = new byte[4];
            await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            var mediaType = head switch
            {
                [0x1F, 0x8B, ..] => MediaTypes.OciGzipLayer,
                [0x28, 0xB5, 0x2F, 0xFD] => MediaTypes.OciZstandardLayer,
                _ => MediaTypes.OciLayer,
            };
            return new Descriptor { MediaType = mediaType, Digest = blob.ToString(), Size = stream.Length };
        }
    }

    /// <summary>A manifest; the same parts give the same bytes.</summary>
    public static (byte[] Content, ManifestDocument Manifest) MakeManifest(
        Digest configuration, long configurationSize, IReadOnlyList<Descriptor> layers)
    {
        var manifest = new ManifestDocument
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.OciManifest,
            Config = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = configuration.ToString(), Size = configurationSize },
            Layers = layers,
        };
        return (JsonSerializer.SerializeToUtf8Bytes(manifest, FormatJson.Default.ManifestDocument), manifest);
    }
}
