using Portal.Engine.Content;

namespace Portal.Engine.Builds.Execution.States;

/// <summary>A layer of a stage.</summary>
/// <param name="DiffId">The digest of its archive.</param>
/// <param name="ChainId">The key of its snapshot.</param>
/// <param name="Blob">A blob that decompresses to it.</param>
internal sealed record StageLayer(Digest DiffId, Digest ChainId, Digest Blob);
