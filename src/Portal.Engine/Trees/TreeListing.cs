namespace Portal.Engine.Trees;

/// <summary>What is in a folder.</summary>
/// <param name="Entries">In the order of the names' bytes.</param>
/// <param name="Total">How many there are; more than <paramref name="Entries"/> when only the first of them were wanted.</param>
public sealed record TreeListing(IReadOnlyList<TreeEntry> Entries, int Total);
