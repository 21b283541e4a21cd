namespace Portal.Compose.Nodes;

/// <summary>One value: text, a number, true or false, or nothing.</summary>
public sealed class ComposeScalar(string text, ScalarKind kind, Mark mark, NodeTag tag = NodeTag.None) : ComposeNode(mark, tag, 1)
{
    /// <summary>As it stands in the file, without quotes; empty for nothing.</summary>
    public string Text { get; } = text;

    public ScalarKind Kind { get; } = kind;

    public bool IsNull => Kind == ScalarKind.Null;

    internal override ComposeScalar WithTag(NodeTag tag) => new(Text, Kind, Mark, tag);
}
