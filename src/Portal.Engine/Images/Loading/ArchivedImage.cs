using Portal.Engine.Content;

namespace Portal.Engine.Images.Loading;

/// <summary>An image that an archive describes; all blobs are in the content store.</summary>
/// <param name="Configuration">The digest of its configuration.</param>
/// <param name="Layers">The blob of each layer, lowest first, compressed or not.</param>
/// <param name="Manifest">The digest of its manifest, or null when the archive has none.</param>
/// <param name="Names">Its names in full form.</param>
/// <param name="List">The digest of the index that the names stand for, which is in the content store; null when there is none.</param>
/// <param name="Action">Docker's word for the event that tells of it.</param>
internal sealed record ArchivedImage(
    Digest Configuration, IReadOnlyList<Digest> Layers, Digest? Manifest, IReadOnlyList<string> Names, Digest? List = null,
    string Action = "load");
