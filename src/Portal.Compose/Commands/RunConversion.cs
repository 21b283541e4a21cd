namespace Portal.Compose.Commands;

/// <summary>What became of a <c>docker run</c> line.</summary>
/// <param name="Text">A Compose file, or null when the line is none that can be read.</param>
/// <param name="Notes">What was left out or could not be read.</param>
public sealed record RunConversion(string? Text, IReadOnlyList<string> Notes);
