using Portal.Compose.Nodes;
using YamlDotNet.Core;

namespace Portal.Compose.Editing;

/// <summary>A value as it is written: with its place, and with aliases and merge keys as they stand there.</summary>
/// <remarks>Immutable. Places are offsets in characters; those of a value that is yet to be written mean nothing.</remarks>
internal sealed record TextNode
{
    public required TextKind Kind { get; init; }

    public int Start { get; init; }

    /// <summary>After its last character; for collections in block style after that of what stands last in them.</summary>
    public int End { get; init; }

    public int Line { get; init; } = 1;

    /// <summary>Of a scalar, without quotes; of an alias its name.</summary>
    public string Value { get; init; } = "";

    public ScalarStyle Style { get; init; } = ScalarStyle.Plain;

    /// <summary>In brackets or braces.</summary>
    public bool IsFlow { get; init; }

    public string Anchor { get; init; } = "";

    public string Tag { get; init; } = "";

    public IReadOnlyList<TextNode> Items { get; init; } = [];

    public IReadOnlyList<TextEntry> Entries { get; init; } = [];

    /// <summary>Whether nothing is written where a value could be.</summary>
    public bool IsNothing => Kind == TextKind.Scalar && Style == ScalarStyle.Plain && Value.Length == 0;

    /// <summary>Written in block style, with <c>|</c> or <c>&gt;</c>.</summary>
    public bool IsBlockText => Style is ScalarStyle.Literal or ScalarStyle.Folded;

    private ScalarKind Meaning => Style == ScalarStyle.Plain && Tag.Length == 0 ? ScalarKinds.Of(Value) : ScalarKind.Text;

    public static TextNode Of(string value, ScalarStyle style) => new() { Kind = TextKind.Scalar, Value = value, Style = style };

    /// <summary>Nothing, as after a key alone.</summary>
    public static TextNode Nothing { get; } = Of("", ScalarStyle.Plain);

    public static TextNode MapOf(string key, TextNode value) =>
        new() { Kind = TextKind.Map, Entries = [new TextEntry(ScalarText.Make(key, null, false), value)] };

    public int IndexOf(string key)
    {
        for (var index = 0; index < Entries.Count; index++)
        {
            if (Entries[index].Key.Value == key)
            {
                return index;
            }
        }

        return -1;
    }

    /// <summary>Whether there is an anchor at it or below.</summary>
    public bool HasAnchor => Anchor.Length > 0 || Items.Any(item => item.HasAnchor) || Entries.Any(entry => entry.Value.HasAnchor);

    /// <summary>Whether both say the same, wherever and however they are written.</summary>
    public bool Says(TextNode other) =>
        Kind == other.Kind && Value == other.Value && Meaning == other.Meaning && Anchor == other.Anchor && Tag == other.Tag
        && Items.Count == other.Items.Count && Entries.Count == other.Entries.Count
        && Items.Zip(other.Items).All(pair => pair.First.Says(pair.Second))
        && Entries.Zip(other.Entries).All(pair => pair.First.Key.Says(pair.Second.Key) && pair.First.Value.Says(pair.Second.Value));
}
