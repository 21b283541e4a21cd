using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>A shape, and then a last word on what it made of the value.</summary>
internal sealed class FollowedShape(Shape shape, Func<ComposeNode, At, ComposeNode?> then) : Shape
{
    public override ShapeForm Form => shape.Form;

    public override IEnumerable<string> Keys => shape.Keys;

    public override IEnumerable<string> Words => shape.Words;

    public override IEnumerable<Shape> Inside(string name) => shape.Inside(name);

    protected override ComposeNode? Normal(ComposeNode node, At at) => shape.Apply(node, at) is { } value ? then(value, at) : null;
}
