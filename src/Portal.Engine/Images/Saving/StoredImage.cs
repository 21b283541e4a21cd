using Portal.Engine.Content;
using Portal.Engine.Images.Formats;
using Portal.Engine.Images.Store;

namespace Portal.Engine.Images.Saving;

/// <summary>An image with a manifest that names just the blobs that are here.</summary>
/// <param name="Record">Its entry in the index.</param>
/// <param name="Content">The manifest's bytes: as they came, or new ones where the layers came in another form.</param>
/// <param name="Manifest">Their meaning.</param>
/// <param name="MediaType">Docker's or OCI's.</param>
internal sealed record StoredImage(ImageRecord Record, byte[] Content, ManifestDocument Manifest, string MediaType)
{
    public Digest Digest { get; } = Digest.Of(Content);

    public Descriptor Configuration => Manifest.Config!;

    public IReadOnlyList<Descriptor> Layers => Manifest.Layers!;
}
