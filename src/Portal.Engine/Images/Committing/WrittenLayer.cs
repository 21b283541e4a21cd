using Portal.Engine.Content;
using Portal.Engine.Trees;

namespace Portal.Engine.Images.Committing;

/// <summary>A layer's archive in the content store.</summary>
/// <param name="DiffId">Its digest.</param>
/// <param name="Diff">What is in it.</param>
internal sealed record WrittenLayer(Digest DiffId, LayerDiff Diff);
