namespace Portal.Compose.Editing;

/// <summary>One of several values: an item of a list, or a key of a mapping with its value.</summary>
/// <param name="Key">Of a mapping, or before the <c>=</c> of a pair; empty otherwise.</param>
/// <param name="Field">The value; its text is null where a key stands alone.</param>
/// <param name="Path">The way to it.</param>
public sealed record FormEntry(string Key, FormField Field, IReadOnlyList<PathStep> Path);
