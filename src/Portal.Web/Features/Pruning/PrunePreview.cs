namespace Portal.Web.Features.Pruning;

/// <summary>What would go from a node.</summary>
/// <param name="Items">One by one.</param>
/// <param name="Bytes">How much that frees, as far as it is known.</param>
/// <param name="Unmeasured">How many of them have no known size.</param>
/// <param name="HasWork">Whether there is anything to do; space can be freed without an item.</param>
public sealed record PrunePreview(IReadOnlyList<PruneItem> Items, long Bytes, int Unmeasured, bool HasWork);
