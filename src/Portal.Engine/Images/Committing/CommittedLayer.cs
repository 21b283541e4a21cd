using Portal.Engine.Content;

namespace Portal.Engine.Images.Committing;

/// <summary>A layer that is unpacked, with its archive in the content store.</summary>
/// <param name="DiffId">The digest of the archive, which is stored uncompressed: the digest of the blob too.</param>
/// <param name="ChainId">The key of the unpacked layer.</param>
/// <param name="Entries">Entries of the archive; 0 when nothing was changed.</param>
internal sealed record CommittedLayer(Digest DiffId, Digest ChainId, long Entries);
