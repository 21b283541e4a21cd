using Portal.Engine.Content;
using Portal.Engine.Errors;

namespace Portal.Engine.Images.Store;

/// <summary>
/// Holds images with all of their blobs, as the index has them at that moment: a push or a pull may put another form of a layer in the place
/// of the one that a caller has read, and remove that one, until somebody holds it.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class HeldImages(ImageStore store, ContentStore content)
{
    /// <summary>Holds what is here of an image.</summary>
    /// <returns>The image with the blobs that are held, and one that is not here; null when all are.</returns>
    public (ImageRecord Image, Digest? Missing) Hold(ImageRecord image, ContentLease lease)
    {
        while (true)
        {
            image = store.Index.Images.GetValueOrDefault(image.Id, image);
            var blobs = image.Blobs().Select(text => Digest.Parse(text, "a blob")).ToList();
            blobs.ForEach(lease.Hold);
            var missing = blobs.Where(blob => !content.Has(blob)).Cast<Digest?>().FirstOrDefault();
            var now = store.Index.Images.GetValueOrDefault(image.Id, image);
            if (missing is null || now.Blobs().SequenceEqual(image.Blobs()))
            {
                return (image, missing);
            }
        }
    }

    /// <summary>As <see cref="Hold"/>, of an image that is wanted whole.</summary>
    /// <exception cref="EngineException">NotFound: something of it is gone.</exception>
    public ImageRecord HoldWhole(ImageRecord image, ContentLease lease) => Hold(image, lease) switch
    {
        (var held, null) => held,
        var (held, missing) => throw EngineException.NotFound(
            $"The image {held.Id[7..19]} is incomplete here: its content {missing} is gone. Pull or load it again."),
    };
}
