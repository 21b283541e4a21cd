using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>A shape for each kind of value; one that is missing is not allowed.</summary>
internal sealed class EitherShape(string words, Shape? scalar = null, Shape? list = null, Shape? map = null) : Shape
{
    public override ShapeForm Form => scalar is not null ? ShapeForm.Value : list is not null ? ShapeForm.List : ShapeForm.Mapping;

    public override IEnumerable<string> Keys => Kinds.SelectMany(shape => shape.Keys);

    public override IEnumerable<string> Words => Kinds.SelectMany(shape => shape.Words);

    private IEnumerable<Shape> Kinds => new[] { scalar, list, map }.OfType<Shape>();

    public override IEnumerable<Shape> Inside(string name) => Kinds.SelectMany(shape => shape.Inside(name));

    protected override ComposeNode? Normal(ComposeNode node, At at)
    {
        var shape = node switch
        {
            ComposeMap => map,
            ComposeList => list,
            ComposeScalar { IsNull: true } => null,
            _ => scalar,
        };
        return shape is null ? at.Error(node, $"This must be {words}, not {WordFor(node)}.") : shape.Apply(node, at);
    }
}
