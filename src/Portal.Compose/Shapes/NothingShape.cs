using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>Something, or nothing at all, which stays nothing.</summary>
internal sealed class NothingShape(Shape something) : Shape
{
    protected override ComposeNode? Normal(ComposeNode node, At at) =>
        node is ComposeScalar { IsNull: true } ? node : something.Apply(node, at);
}
