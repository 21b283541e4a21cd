namespace Portal.Compose.Proposals;

/// <summary>A Compose file that says what containers are.</summary>
/// <param name="Text">The file.</param>
/// <param name="Values">Of its variables: what looked secret does not stand in the file.</param>
/// <param name="Notes">What could not be said, and what to know before it is deployed.</param>
/// <param name="Project">
/// The project whose containers they all are: under this name they can be taken over as they run; null for none.
/// </param>
public sealed record ComposeProposal(
    string Text, IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Notes, string? Project);
