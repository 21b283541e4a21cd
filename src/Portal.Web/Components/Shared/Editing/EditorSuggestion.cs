namespace Portal.Web.Components.Shared.Editing;

/// <summary>What an editor offers to write.</summary>
/// <param name="Label">As it is listed.</param>
/// <param name="Text">As it is written.</param>
/// <param name="IsKey">True for the name of something, false for a value.</param>
public sealed record EditorSuggestion(string Label, string Text, bool IsKey);
