using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>Something, or nothing at all, which stays nothing.</summary>
internal sealed class NothingShape(Shape something) : Shape
{
    public override ShapeForm Form => something.Form;

    public override IEnumerable<string> Keys => something.Keys;

    public override IEnumerable<string> Words => something.Words;

    public override IEnumerable<Shape> Inside(string name) => something.Inside(name);

    protected override ComposeNode? Normal(ComposeNode node, At at) =>
        node is ComposeScalar { IsNull: true } ? node : something.Apply(node, at);
}
