namespace Portal.Compose.Editing;

/// <summary>Writes what is new as the file around it is written: its line breaks, and how far in things stand.</summary>
internal sealed record BlockWriter(string LineBreak, int Indent, int DashIndent)
{
    /// <summary>As a file does it already; two further in where it does nothing yet.</summary>
    public static BlockWriter For(string text, TextNode root)
    {
        var at = text.IndexOf('\n', StringComparison.Ordinal);
        var indent = root.IndexOf("services") is var index and >= 0 ? InsideOf(text, root.Entries[index]) : null;
        var step = indent is > 0 and <= 8 ? indent.Value : 2;
        return new BlockWriter(at > 0 && text[at - 1] == '\r' ? "\r\n" : "\n", step, DashIn(text, root) ?? step);
    }

    /// <summary>A collection in block style, without a line break behind it.</summary>
    public string Block(TextNode node, int indent) => node.Kind == TextKind.List
        ? string.Join(LineBreak, node.Items.Select(item => Item(item, indent)))
        : string.Join(LineBreak, node.Entries.Select(entry => Block(entry, indent)));

    public string Block(TextEntry entry, int indent)
    {
        var head = new string(' ', indent) + ScalarText.Write(entry.Key, false) + ":";
        return entry.Value switch
        {
            { IsNothing: true } => head,
            { Kind: TextKind.Scalar } => $"{head} {ScalarText.Write(entry.Value, false)}",
            { Kind: TextKind.List } => head + LineBreak + Block(entry.Value, indent + DashIndent),
            _ => head + LineBreak + Block(entry.Value, indent + Indent),
        };
    }

    public static string Item(TextNode item, int indent) => $"{new string(' ', indent)}- {ScalarText.Write(item, false)}";

    public static string Flow(TextNode node) => node.Kind switch
    {
        TextKind.List => $"[{string.Join(", ", node.Items.Select(Flow))}]",
        TextKind.Map => $"{{{string.Join(", ", node.Entries.Select(Flow))}}}",
        _ => ScalarText.Write(node, true),
    };

    public static string Flow(TextEntry entry) => $"{ScalarText.Write(entry.Key, true)}: {Flow(entry.Value)}";

    private static int? InsideOf(string text, TextEntry entry) =>
        entry.Value is { Kind: TextKind.Map, IsFlow: false, Entries.Count: > 0 } map
        ? ColumnOf(text, map.Entries[0].Key.Start) - ColumnOf(text, entry.Key.Start)
        : null;

    // How far lists stand in from their keys: some write the dash below the key.
    private static int? DashIn(string text, TextNode node)
    {
        foreach (var entry in node.Entries)
        {
            if (entry.Value is { Kind: TextKind.List, IsFlow: false, Items.Count: > 0 } list)
            {
                var dash = text.LastIndexOf('-', Math.Max(0, list.Items[0].Start - 1));
                var step = dash < 0 ? -1 : ColumnOf(text, dash) - ColumnOf(text, entry.Key.Start);
                if (step is >= 0 and <= 8)
                {
                    return step;
                }
            }

            if (DashIn(text, entry.Value) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static int ColumnOf(string text, int at) => at - 1 - text.AsSpan(0, at).LastIndexOfAny('\r', '\n');
}
