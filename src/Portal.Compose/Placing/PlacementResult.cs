namespace Portal.Compose.Placing;

/// <summary>Where the replicas of a stack are to be.</summary>
/// <param name="Placement">All that have a node, those that wait for a lost one to come back too.</param>
/// <param name="Problems">Sentences: what stands against it.</param>
/// <param name="Notes">Sentences: what is not as it should be and can't be helped now.</param>
public sealed record PlacementResult(StackPlacement Placement, IReadOnlyList<string> Problems, IReadOnlyList<string> Notes);
