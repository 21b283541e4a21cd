namespace Portal.Web.Features.Pruning;

/// <summary>What went from a node.</summary>
/// <param name="Count">How many.</param>
/// <param name="Bytes">What is free now.</param>
/// <param name="Names">Their names, where they are told.</param>
public sealed record PruneOutcome(int Count, long Bytes, IReadOnlyList<string> Names);
