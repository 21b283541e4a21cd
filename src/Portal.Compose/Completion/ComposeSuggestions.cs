namespace Portal.Compose.Completion;

/// <summary>What may stand at a place of a Compose file.</summary>
/// <param name="Keys">By name.</param>
/// <param name="Words">Values that are known by name, the usual one first.</param>
public sealed record ComposeSuggestions(IReadOnlyList<ComposeKey> Keys, IReadOnlyList<string> Words);
