using Portal.Compose.Loading;

namespace Portal.Compose.Editing;

/// <summary>
/// The text of a Compose file, edited in parts: each change is one place of the text, and everything else stays as it is, comments and
/// order, quotes and empty lines. A change is read again before it is given out: where the file would then say anything else than was
/// meant, nothing is changed.
/// </summary>
/// <remarks>
/// Immutable; any thread. Aliases and merges are not followed here: what they bring is shown by nobody as if it stood there. Values are
/// taken literally, so a <c>$</c> is written as <c>$$</c>; what has a variable in it is for an editor of text.
/// </remarks>
public sealed partial class ComposeText
{
    private const int Shown = 120;
    private readonly TextNode _root;

    private ComposeText(string text, TextNode root, TextProblem? problem) => (Text, _root, Problem) = (text, root, problem);

    /// <summary>All of the file.</summary>
    public string Text { get; }

    /// <summary>Why it can't be edited in parts; null when it can.</summary>
    public TextProblem? Problem { get; }

    /// <summary>The names of the services, in the order of the file.</summary>
    public IReadOnlyList<string> Services => Keys("services");

    /// <summary>Reads a file; it never fails, see <see cref="Problem"/>.</summary>
    public static ComposeText Read(string text)
    {
        try
        {
            var root = new TextTreeReader(text, new ComposeLimits()).Read();
            var services = root.Kind == TextKind.Map && root.IndexOf("services") is var index and >= 0 ? root.Entries[index].Value : null;
            var isRight = root.IsNothing
                || (root.Kind == TextKind.Map && (services is null or { IsNothing: true } or { Kind: TextKind.Map }));
            return isRight
                ? new ComposeText(text, root, null)
                : new ComposeText(text, TextNode.Nothing, new TextProblem(TextProblemKind.NoServices, services?.Line ?? 1, ""));
        }
        catch (TextTreeException failure)
        {
            return new ComposeText(text, TextNode.Nothing, failure.Problem);
        }
    }

    /// <summary>The keys of a mapping, but for merges; none when there is no mapping.</summary>
    public IReadOnlyList<string> Keys(params IReadOnlyList<PathStep> path) =>
        Find(path) is { Kind: TextKind.Map } map ? [.. map.Entries.Select(entry => entry.Key.Value).Where(key => key != "<<")] : [];

    /// <summary>Whether a mapping takes over what an anchor has.</summary>
    public bool IsMerged(params IReadOnlyList<PathStep> path) => Find(path) is { Kind: TextKind.Map } map && map.IndexOf("<<") >= 0;

    /// <summary>One value.</summary>
    public FormField Field(params IReadOnlyList<PathStep> path)
    {
        var (node, hold) = Walk(path);
        if (node is null)
        {
            return hold == FieldLock.None ? FormField.Missing : new FormField(null, hold, "", 0);
        }

        hold = hold == FieldLock.None ? LockOf(node) : hold;
        return hold == FieldLock.None
            ? new FormField(node.IsNothing ? null : Plain(node.Value), hold, "", node.Line)
            : new FormField(null, hold, SourceOf(node), node.Line);
    }

    /// <summary>The items of a list, or the keys of a mapping with their values.</summary>
    public FormGroup Group(params IReadOnlyList<PathStep> path)
    {
        var (node, hold) = Walk(path);
        if (node is null || node.IsNothing)
        {
            return new FormGroup([], false, hold == FieldLock.None && node is not null ? OwnLock(node) : hold, "");
        }

        hold = hold == FieldLock.None ? OwnLock(node) : hold;
        return node.Kind switch
        {
            TextKind.List => new FormGroup(
                [.. node.Items.Select((_, index) => Entry("", [.. path, index]))], false, hold,
                hold == FieldLock.None ? "" : SourceOf(node)),
            TextKind.Map => new FormGroup(
                [.. node.Entries.Where(entry => entry.Key.Value != "<<")
                    .Select(entry => Entry(entry.Key.Value, [.. path, entry.Key.Value]))],
                true, hold, hold == FieldLock.None ? "" : SourceOf(node)),
            _ => new FormGroup([], false, hold == FieldLock.None ? FieldLock.Structure : hold, SourceOf(node)),
        };
    }

    /// <summary>Names with values, whether they are written as a mapping or as <c>NAME=value</c>.</summary>
    public FormGroup Pairs(params IReadOnlyList<PathStep> path)
    {
        var group = Group(path);
        return group.IsMap ? group : group with { Entries = [.. group.Entries.Select(Split)] };
    }

    private static FormEntry Split(FormEntry entry)
    {
        var at = entry.Field.Text?.IndexOf('=', StringComparison.Ordinal) ?? -1;
        return entry.Field.Text is not { } text ? entry
            : at < 0 ? entry with { Key = text, Field = entry.Field with { Text = null } }
            : entry with { Key = text[..at], Field = entry.Field with { Text = text[(at + 1)..] } };
    }

    private FormEntry Entry(string key, IReadOnlyList<PathStep> path) => new(key, Field(path), path);

    // Null when it is not there; then whether it could be written.
    private (TextNode? Node, FieldLock Lock) Walk(IReadOnlyList<PathStep> path)
    {
        var node = _root;
        foreach (var step in path)
        {
            if (OwnLock(node) is var hold && hold != FieldLock.None)
            {
                // What is below is shown all the same where it can be.
                var below = Find(path);
                return (below, hold);
            }

            if (node.IsNothing)
            {
                return (null, FieldLock.None);
            }

            if (Below(node, step) is not { } next)
            {
                return (null, step.Key is not null && node.Kind == TextKind.Map ? FieldLock.None : FieldLock.Structure);
            }

            node = next;
        }

        return (node, FieldLock.None);
    }

    private TextNode? Find(IReadOnlyList<PathStep> path)
    {
        TextNode? node = _root;
        foreach (var step in path)
        {
            node = node is null ? null : Below(node, step);
        }

        return node;
    }

    private static TextNode? Below(TextNode node, PathStep step) => step.Key is { } key
        ? node.Kind == TextKind.Map && node.IndexOf(key) is var at and >= 0 ? node.Entries[at].Value : null
        : node.Kind == TextKind.List && step.Index >= 0 && step.Index < node.Items.Count ? node.Items[step.Index] : null;

    private static FieldLock OwnLock(TextNode node) =>
        node.Kind == TextKind.Alias ? FieldLock.Alias
        : node.Anchor.Length > 0 ? FieldLock.Anchor
        : node.Tag.Length > 0 ? FieldLock.Tag : FieldLock.None;

    private FieldLock LockOf(TextNode node) => OwnLock(node) is var own && own != FieldLock.None ? own
        : node.Kind != TextKind.Scalar ? FieldLock.Structure
        : node.IsBlockText || Text.AsSpan(node.Start, node.End - node.Start).IndexOfAny('\r', '\n') >= 0
            || node.Value.Contains('\n', StringComparison.Ordinal)
            ? FieldLock.Lines
        : Plain(node.Value) is null ? FieldLock.Variable : FieldLock.None;

    // Null when there is a variable in it.
    private static string? Plain(string value)
    {
        var rest = value.Replace("$$", "", StringComparison.Ordinal);
        return rest.Contains('$', StringComparison.Ordinal) ? null : value.Replace("$$", "$", StringComparison.Ordinal);
    }

    private string SourceOf(TextNode node)
    {
        var source = Text[node.Start..Math.Min(node.End, Text.Length)].Trim();
        return source.Length > Shown ? source[..Shown].TrimEnd() + "…" : source;
    }
}
