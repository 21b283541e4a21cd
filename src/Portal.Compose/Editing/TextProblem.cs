namespace Portal.Compose.Editing;

/// <summary>Why a file can't be edited in parts.</summary>
/// <param name="Kind">The reason.</param>
/// <param name="Line">Where, from 1.</param>
/// <param name="Detail">A key, or what the parser says; may be empty.</param>
public sealed record TextProblem(TextProblemKind Kind, int Line, string Detail);
