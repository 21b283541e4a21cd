using YamlDotNet.Core;

namespace Portal.Compose.Editing;

/// <summary>The changes: each makes the text, says what it should say then, and compares.</summary>
public sealed partial class ComposeText
{
    /// <summary>Writes a value, in place of the one that is there or with the keys that lead to it.</summary>
    /// <param name="path">The way to it; what is missing are keys.</param>
    /// <param name="value">What it says; null for a key alone.</param>
    /// <param name="isNumber">Whether a number or truth is meant by what looks like one.</param>
    /// <returns>Null when it can't be done without touching anything else.</returns>
    public ComposeEdit? Set(IReadOnlyList<PathStep> path, string? value, bool isNumber = false)
    {
        var before = Find(path);
        if (before is not null && (Field(path).Lock != FieldLock.None || value is null))
        {
            return null;
        }

        var made = value is null ? TextNode.Nothing : ScalarText.Make(Escaped(value), before, isNumber);
        return before is null ? Add(path, made) : Tried(Over(before, made), Trees.With(_root, path, made));
    }

    /// <summary>Adds an item to the end of a list, with the list and the keys that lead to it where they are missing.</summary>
    /// <returns>Null when it can't be done without touching anything else.</returns>
    public ComposeEdit? AddItem(IReadOnlyList<PathStep> path, string value)
    {
        var (node, hold) = Walk(path);
        if (hold != FieldLock.None || (node is not null && OwnLock(node) != FieldLock.None))
        {
            return null;
        }

        // As those before it are quoted, since ports are by habit.
        var sample = node?.Items.LastOrDefault(item => item.Kind == TextKind.Scalar && !item.IsBlockText);
        var item = ScalarText.Make(Escaped(value), sample is { Style: ScalarStyle.Plain } ? null : sample, false);
        if (node is { Kind: TextKind.List, Items.Count: > 0 } or { Kind: TextKind.List, IsFlow: true })
        {
            var splice = node.IsFlow ? Bracketed(node, node.Items.Count, BlockWriter.Flow(item)) : Dashed(node, item);
            return Tried(splice, Trees.WithItem(_root, path, item));
        }

        var list = new TextNode { Kind = TextKind.List, Items = [item] };
        return node is null ? Add(path, list) : node.IsNothing ? Fill(path, list) : null;
    }

    /// <summary>Gives the key of a mapping another name.</summary>
    /// <returns>Null when it can't be done without touching anything else, or the name is taken.</returns>
    public ComposeEdit? Rename(IReadOnlyList<PathStep> path, string name)
    {
        var parent = Find([.. path.SkipLast(1)]);
        var at = parent is { Kind: TextKind.Map } && path[^1].Key is { } key ? parent.IndexOf(key) : -1;
        if (at < 0 || name.Length == 0 || parent!.IndexOf(name) >= 0 || Walk([.. path.SkipLast(1)]).Lock != FieldLock.None
            || OwnLock(parent) != FieldLock.None || OwnLock(parent.Entries[at].Key) != FieldLock.None)
        {
            return null;
        }

        var before = parent.Entries[at].Key;
        var made = ScalarText.Make(name, before, false);
        return Tried(Over(before, made), Trees.WithKey(_root, path, made));
    }

    /// <summary>
    /// Takes a value away with its key or dash; a collection that nothing is left in goes too, but for services and the like.
    /// </summary>
    /// <returns>Null when it can't be done without touching anything else.</returns>
    public ComposeEdit? Remove(IReadOnlyList<PathStep> path)
    {
        var parentPath = path.SkipLast(1).ToArray();
        if (Find(path) is not { } node || Find(parentPath) is not { } parent || Walk(parentPath).Lock != FieldLock.None
            || OwnLock(parent) != FieldLock.None || node.HasAnchor)
        {
            return null;
        }

        var count = parent.Items.Count + parent.Entries.Count;
        if (count == 1 && parentPath.Length > 2)
        {
            return Remove(parentPath);
        }

        var index = path[^1].Key is { } key ? parent.IndexOf(key) : path[^1].Index;
        return Tried(parent.IsFlow ? Cut(parent, index) : CutLines(parent, index), Trees.Without(_root, path));
    }

    private static string Escaped(string value) => value.Replace("$", "$$", StringComparison.Ordinal);

    // What is missing on the way is written along.
    private ComposeEdit? Add(IReadOnlyList<PathStep> path, TextNode leaf)
    {
        var known = path.Count - 1;
        while (known > 0 && Find([.. path.Take(known)]) is null)
        {
            known--;
        }

        var rest = path.Skip(known).ToList();
        if (rest.Exists(step => string.IsNullOrEmpty(step.Key)))
        {
            return null;
        }

        var made = rest.Skip(1).Reverse().Aggregate(leaf, (value, step) => TextNode.MapOf(step.Key!, value));
        var place = path.Take(known).ToArray();
        var (parent, hold) = Walk(place);
        if (hold != FieldLock.None || parent is null || OwnLock(parent) != FieldLock.None)
        {
            return null;
        }

        var key = ScalarText.Make(rest[0].Key!, null, false);
        var entry = new TextEntry(key, made);
        return parent switch
        {
            { IsNothing: true } => Fill(place, new TextNode { Kind = TextKind.Map, Entries = [entry] }),
            { Kind: TextKind.Map, IsFlow: true } => Tried(
                Bracketed(parent, parent.Entries.Count, BlockWriter.Flow(entry)), Trees.WithEntry(_root, place, entry)),
            { Kind: TextKind.Map } => Tried(Below(parent, entry), Trees.WithEntry(_root, place, entry)),
            _ => null,
        };
    }

    // Below a key that nothing stands behind.
    private ComposeEdit? Fill(IReadOnlyList<PathStep> path, TextNode made)
    {
        var node = Find(path)!;
        if (path.Count == 0)
        {
            var start = Text.Length > 0 && Text[^1] is not ('\n' or '\r') ? Writer.LineBreak : "";
            return Tried(new TextSplice(Text.Length, 0, start + Writer.Block(made, 0) + Writer.LineBreak), made);
        }

        var parent = Find([.. path.SkipLast(1)])!;
        var key = parent.Entries[parent.IndexOf(path[^1].Key!)].Key;
        if (parent.IsFlow)
        {
            return null;
        }

        var indent = ColumnOf(key.Start) + (made.Kind == TextKind.List ? Writer.DashIndent : Writer.Indent);
        return Tried(new TextSplice(LineEnd(node.End), 0, Writer.LineBreak + Writer.Block(made, indent)), Trees.With(_root, path, made));
    }

    private ComposeEdit? Tried(TextSplice? splice, TextNode wanted)
    {
        if (splice is not { } change)
        {
            return null;
        }

        var after = Read(change.ApplyTo(Text));
        return after.Problem is null && after._root.Says(wanted)
            ? new ComposeEdit(change, after, 1 + Text.AsSpan(0, change.Start).Count('\n') + LeadOf(change.Text))
            : null;
    }

    private static int LeadOf(string text) => text.StartsWith('\n') || text.StartsWith("\r\n", StringComparison.Ordinal) ? 1 : 0;
}
