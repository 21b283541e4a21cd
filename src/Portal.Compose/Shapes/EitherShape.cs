using Portal.Compose.Nodes;

namespace Portal.Compose.Shapes;

/// <summary>A shape for each kind of value; one that is missing is not allowed.</summary>
internal sealed class EitherShape(string words, Shape? scalar = null, Shape? list = null, Shape? map = null) : Shape
{
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
