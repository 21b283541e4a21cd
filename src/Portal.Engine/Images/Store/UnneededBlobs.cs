using Portal.Engine.Content;

namespace Portal.Engine.Images.Store;

/// <summary>Removes blobs that no image needs and nobody holds.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class UnneededBlobs(ImageStore store, ContentStore content, ContentLeases leases)
{
    /// <returns>False when it is needed or held, and stays.</returns>
    public bool TryRemove(Digest blob) => leases.TryRemove(blob, () => store.Index.NeedsBlob(blob), () => content.Delete(blob));

    /// <summary>Those of an image that had others before, for which the index has no use any more.</summary>
    public void Remove(IEnumerable<string> before, IEnumerable<string> now)
    {
        foreach (var blob in before.Except(now))
        {
            TryRemove(Digest.Parse(blob, "a blob"));
        }
    }
}
