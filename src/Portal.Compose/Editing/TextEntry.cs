namespace Portal.Compose.Editing;

/// <summary>A key of a mapping and its value, as they are written.</summary>
internal sealed record TextEntry(TextNode Key, TextNode Value);
