namespace Portal.Compose.Nodes;

/// <summary>A key of a mapping, where it stands, and its value.</summary>
public sealed record ComposeEntry(string Key, Mark Mark, ComposeNode Value);
