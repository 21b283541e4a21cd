namespace Portal.Engine.Images.Store;

/// <summary>One layer of an image.</summary>
/// <param name="DiffId">The digest of the uncompressed archive.</param>
/// <param name="ChainId">The key of its snapshot.</param>
/// <param name="Blob">A blob that is here and decompresses to it; not always the one that the manifest names.</param>
internal sealed record LayerReference(string DiffId, string ChainId, string Blob);
