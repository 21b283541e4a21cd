namespace Portal.Engine.Trees;

/// <summary>One difference between a root and the image that it stands on.</summary>
/// <param name="Path">Absolute in the root; bytes that are no UTF-8 are replaced.</param>
/// <param name="Kind">What became of it.</param>
public sealed record TreeChange(string Path, TreeChangeKind Kind);
