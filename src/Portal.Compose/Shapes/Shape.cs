using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>
/// What may stand somewhere. Applied to a value it says all that is wrong with it, and gives it back in its one normal form: short forms
/// written out, numbers and truths spelt one way.
/// </summary>
internal abstract class Shape
{
    /// <summary>As what it is written when somebody begins it.</summary>
    public virtual ShapeForm Form => ShapeForm.Value;

    /// <summary>Names that its mapping may have; none when the file makes them up.</summary>
    public virtual IEnumerable<string> Keys => [];

    /// <summary>Values that are known by name.</summary>
    public virtual IEnumerable<string> Words => [];

    /// <summary>What may stand under a name of its mapping, or as an item of its list, of which the name is "-".</summary>
    public virtual IEnumerable<Shape> Inside(string name) => [];

    /// <returns>The normal form, or null when the value is wrong (which was said) or means nothing.</returns>
    public ComposeNode? Apply(ComposeNode node, At at) => node.Tag switch
    {
        // It only says what goes; its value means nothing.
        NodeTag.Reset => node,
        NodeTag.Override => Normal(node, at)?.WithTag(NodeTag.Override),
        _ => Normal(node, at),
    };

    protected abstract ComposeNode? Normal(ComposeNode node, At at);

    protected static string WordFor(ComposeNode node) => node switch
    {
        ComposeMap => "a mapping",
        ComposeList => "a list",
        ComposeScalar { IsNull: true } => "nothing",
        ComposeScalar { Kind: ScalarKind.Bool } => "true or false",
        ComposeScalar { Kind: ScalarKind.Int or ScalarKind.Float } => "a number",
        _ => "text",
    };
}
