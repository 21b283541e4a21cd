namespace Portal.Web.Components.Shared.Editing;

/// <summary>What is to be said of a line.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Message">In a sentence.</param>
/// <param name="IsError">False for a hint.</param>
public sealed record EditorMark(int Line, string Message, bool IsError);
