namespace Portal.Compose.Editing;

/// <summary>Where in the text a change is made.</summary>
public sealed partial class ComposeText
{
    private BlockWriter Writer => field ??= BlockWriter.For(Text, _root);

    private TextSplice Over(TextNode before, TextNode made)
    {
        var isFlow = IsInFlow(_root, before.Start);
        var text = ScalarText.Write(made, isFlow);

        // Behind a colon or dash that nothing stood behind.
        var lead = before.IsNothing && before.Start > 0 && Text[before.Start - 1] is ':' or '-' ? " " : "";
        return new TextSplice(before.Start, before.End - before.Start, lead + text);
    }

    private static bool IsInFlow(TextNode node, int at) => node.IsFlow
        ? at > node.Start && at < node.End
        : node.Items.Any(item => IsInFlow(item, at)) || node.Entries.Any(entry => IsInFlow(entry.Value, at));

    // A new entry of a mapping, on the line after its last one.
    private TextSplice? Below(TextNode map, TextEntry entry) =>
        map.Entries.Count == 0 ? null : AfterLine(map.End, Writer.Block(entry, ColumnOf(map.Entries[0].Key.Start)));

    private TextSplice? Dashed(TextNode list, TextNode item) => DashOf(list.Items[0]) is { } dash && IsFirst(dash)
        ? AfterLine(list.End, BlockWriter.Item(item, ColumnOf(dash)))
        : null;

    private TextSplice AfterLine(int end, string lines) => new(LineEnd(end), 0, Writer.LineBreak + lines);

    private TextSplice Bracketed(TextNode collection, int count, string text)
    {
        var at = collection.End - 1;
        if (count == 0)
        {
            return new TextSplice(at, 0, text);
        }

        var last = collection.Items.Count > 0 ? collection.Items[^1].End : collection.Entries[^1].Value.End;
        return new TextSplice(last, 0, ", " + text);
    }

    private TextSplice? CutLines(TextNode parent, int index)
    {
        var node = parent.Kind == TextKind.Map ? parent.Entries[index].Value : parent.Items[index];
        var start = parent.Kind == TextKind.Map ? parent.Entries[index].Key.Start : DashOf(node);
        if (start is not { } at || !IsFirst(at))
        {
            return null;
        }

        var first = at - ColumnOf(at);
        var end = LineEnd(node.End);
        end += end < Text.Length && Text[end] == '\r' && end + 1 < Text.Length && Text[end + 1] == '\n' ? 2 : end < Text.Length ? 1 : 0;
        return new TextSplice(first, end - first, "");
    }

    // In brackets: with the comma behind it, or for the last one the comma before it.
    private static TextSplice Cut(TextNode parent, int index)
    {
        var spans = parent.Kind == TextKind.Map
            ? parent.Entries.Select(entry => (entry.Key.Start, entry.Value.End)).ToList()
            : [.. parent.Items.Select(item => (item.Start, item.End))];
        var (start, end) = index + 1 < spans.Count ? (spans[index].Start, spans[index + 1].Start)
            : index > 0 ? (spans[index - 1].End, spans[index].End) : spans[index];
        return new TextSplice(start, end - start, "");
    }

    private int? DashOf(TextNode item)
    {
        var at = item.Start - 1;
        while (at >= 0 && Text[at] is ' ' or '\n' or '\r')
        {
            at--;
        }

        return at >= 0 && Text[at] == '-' ? at : null;
    }

    // Whether nothing stands before it on its line.
    private bool IsFirst(int at) => Text.AsSpan(at - ColumnOf(at), ColumnOf(at)).Trim(' ').Length == 0;

    private int ColumnOf(int at) => at - 1 - Text.AsSpan(0, at).LastIndexOfAny('\r', '\n');

    private int LineEnd(int at)
    {
        var end = Text.AsSpan(at).IndexOfAny('\r', '\n');
        return end < 0 ? Text.Length : at + end;
    }
}
