namespace Portal.Compose.Editing;

/// <summary>A change that says just what was meant: what the file says elsewhere was compared.</summary>
/// <param name="Splice">What changes in the text.</param>
/// <param name="After">The file then.</param>
/// <param name="Line">Where the change begins, from 1.</param>
public sealed record ComposeEdit(TextSplice Splice, ComposeText After, int Line);
