namespace Portal.Testing.Scripts;

/// <summary>One command of a script.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Command">For bash; may span lines.</param>
/// <param name="Expected">
/// The lines that it writes to both of its streams, without white space at their ends. One that ends with <c> (re)</c> is a
/// regular expression, <c>...</c> alone stands for any number of lines, and a last <c>[n]</c> is the exit status, else 0.
/// </param>
/// <param name="For">The engine that it is meant for; null for any.</param>
public sealed record CommandStep(int Line, string Command, IReadOnlyList<string> Expected, string? For);
